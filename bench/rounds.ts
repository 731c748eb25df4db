import { mkdir } from "node:fs/promises";
import type Docker from "dockerode";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Measured, Samples } from "./result.ts";
import { differences, lookAtMade, refuseRemains, type Made } from "./sameness.ts";
import type { Way } from "./topologies.ts";
import type { Topology } from "./topology.ts";
import { makeVariant } from "./variants/index.ts";
import { pulumiProgram } from "./variants/pulumiProgram.ts";
import { variants, type Variant, type VariantContext, type VariantName } from "./variant.ts";
import { timed } from "./timed.ts";

/** What all rounds share. */
export interface Setting extends Omit<VariantContext, "topology" | "folder"> {
  /** Where the files of each stack go, by its name. */
  folderOf: (stack: string) => string;
  reporter: Reporter;
}

/** What the rounds so far have found. */
export type Measurements = Pick<Measured, "samples" | "differences">;

/** Measures each way once, beginning with another one each round, so that none always comes after the same. */
export async function measureRound(
  setting: Setting,
  ways: readonly Way[],
  round: number,
  into: Measurements,
): Promise<void> {
  const turn = round % ways.length;
  const made: Partial<Record<VariantName, Made>> = {};
  for (const { name, topology } of [...ways.slice(turn), ...ways.slice(0, turn)]) {
    setting.signal.throwIfAborted();
    const samples = (into.samples[name] ??= { up: [], again: [], down: [] });
    const folder = setting.folderOf(topology.plan.stack);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const variant = await makeVariant[name]({ ...setting, topology, folder });
    made[name] = await reported(
      setting.reporter,
      `${variants[name]}, ${topology.plan.hosts.length} hosts, round ${round + 1}`,
      ({ progress }) => measure(setting.engine, variant, topology, samples, progress),
      () => [samples.up, samples.again, samples.down].flatMap((times) => times.slice(-1).map(seconds)).join(", "),
    );
  }
  for (const { name } of ways) into.differences[name] = differences(made.bound ?? {}, made[name] ?? {});
}

async function measure(
  engine: Docker,
  variant: Variant,
  topology: Topology,
  samples: Samples,
  progress: (text: string) => void,
): Promise<Made> {
  progress("up");
  samples.up.push(await timed(() => variant.up()));
  const made = await lookAtMade(engine, topology);
  if (variant.again) {
    progress("up, with nothing to do");
    samples.again.push(await timed(variant.again));
  }
  progress("down");
  samples.down.push(await timed(() => variant.down()));
  await refuseRemains(engine, topology);
  return made;
}

/** Measures what starting Pulumi costs: the `up` of a program that declares nothing. */
export async function measureFixed({ folderOf, signal, reporter }: Setting, round: number): Promise<number> {
  return reported(
    reporter,
    `Pulumi with an empty program, round ${round + 1}`,
    async () => {
      const stack = "bench-empty";
      const folder = folderOf(stack);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const program = pulumiProgram("empty", { stack, folder, signal });
      await program.init();
      const milliseconds = await timed(() => program.run("up"));
      await program.remove();
      return milliseconds;
    },
    seconds,
  );
}

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(2)} s`;
