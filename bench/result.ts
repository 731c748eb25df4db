import { ratio, summarise, type Summary } from "./statistics.ts";
import { operations, variants, type Operation, type VariantName } from "./variant.ts";
import type { Breakdown } from "./breakdown.ts";
import type { HostMemory } from "./memory.ts";
import type { Machine } from "./machine.ts";

/** Milliseconds of each round. */
export type Samples = Record<Operation, number[]>;

/** What was measured with one number of hosts. */
export interface Measured {
  hosts: number;
  samples: Partial<Record<VariantName, Samples>>;
  /** Settings in which what a way made differs from the bound's. */
  differences: Partial<Record<VariantName, string[]>>;
  /** Where the time of one more `drydock up` went. */
  breakdown: Breakdown;
}

/** An operation of a way, beside the lower bound. */
export interface Figure {
  milliseconds: Summary;
  /** To the bound; absent where the bound has no such operation. */
  ratio?: Summary;
  /** The same after the fixed cost of starting Pulumi is taken off; only for the ways that start it. */
  ratioLessPulumi?: Summary;
}

export interface SizeResult extends Pick<Measured, "hosts" | "differences" | "breakdown"> {
  figures: Partial<Record<VariantName, Partial<Record<Operation, Figure>>>>;
}

/** A way that was not measured. */
export interface Skipped {
  way: VariantName;
  reason: string;
}

/** All that a measurement found. */
export interface BenchResult {
  /** ISO date-time. */
  date: string;
  machine: Machine;
  rounds: number;
  /** What starting Pulumi costs: the `up` of an empty program, in milliseconds. */
  fixed: Summary;
  sizes: SizeResult[];
  memory: HostMemory;
  skipped: Skipped[];
  aims: Aim[];
}

/** A figure that we set out to reach. */
export interface Aim {
  what: string;
  aim: string;
  measured: string;
  met: boolean;
}

/** The samples beside the bound's. */
export function sizeResult({ samples, ...rest }: Measured, fixed: readonly number[]): SizeResult {
  const { bound } = samples;
  const figures: SizeResult["figures"] = {};
  for (const name of Object.keys(variants) as VariantName[]) {
    const own = samples[name];
    if (!own) continue;
    figures[name] = Object.fromEntries(
      operations
        .filter((operation) => own[operation].length > 0)
        .map((operation) => {
          const to = bound?.[operation] ?? [];
          const startsPulumi = name === "plain" || (name === "ours" && operation !== "down");
          const figure: Figure = {
            milliseconds: summarise(own[operation]),
            ...(to.length > 0 && { ratio: ratio(own[operation], to) }),
            ...(to.length > 0 && startsPulumi && { ratioLessPulumi: ratio(own[operation], to, fixed) }),
          };
          return [operation, figure];
        }),
    );
  }
  return { ...rest, figures };
}

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;

/** What was reached of what we set out to reach. */
export function aims(fixed: Summary, sizes: readonly SizeResult[]): Aim[] {
  const result: Aim[] = [
    { what: "starting Pulumi", aim: "under 2 s", measured: seconds(fixed.median), met: fixed.median < 2_000 },
  ];
  for (const { hosts, figures } of sizes) {
    const { up, again, down } = figures.ours ?? {};
    if (up?.ratioLessPulumi && hosts === 3) {
      const { median } = up.ratioLessPulumi;
      const what = "up of 3 hosts, less the start of Pulumi";
      result.push({ what, aim: "within 1.5 of the bound", measured: median.toFixed(2), met: median <= 1.5 });
    }
    if (again) {
      const { median } = again.milliseconds;
      const what = `up of ${hosts} hosts with nothing to do`;
      result.push({ what, aim: "under 3 s", measured: seconds(median), met: median < 3_000 });
    }
    if (down?.ratio) {
      const { median } = down.ratio;
      const what = `down of ${hosts} hosts`;
      result.push({ what, aim: "within 1.5 of the bound", measured: median.toFixed(2), met: median <= 1.5 });
    }
  }
  return result;
}
