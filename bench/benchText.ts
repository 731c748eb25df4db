import { table } from "../cli/table.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { BenchResult, Figure, SizeResult } from "./result.ts";
import type { Summary } from "./statistics.ts";
import { operations, variants, type VariantName } from "./variant.ts";

type Paint = Terminal["paint"];

/** What was measured, as tables: what each way takes as a ratio to the bound, and in seconds. */
export function benchText(result: BenchResult, paint: Paint): string {
  const { fixed, sizes, memory, skipped, aims } = result;
  const marks = { true: paint("green", "✔"), false: paint("red", "✖") };
  return [
    circumstances(result, paint),
    ...sizes.map((size) => `\n${sizeText(size, paint)}`),
    `\nStarting Pulumi (the up of an empty program): ${time(fixed)}\n`,
    `Memory of a host at rest: bare ${mib(memory.bare)}, worker ${mib(memory.worker)}, manager ${mib(memory.manager)}\n`,
    ...skipped.map(({ way, reason }) => `Not measured: ${variants[way]}, because ${reason}\n`),
    `\n${paint("bold", "Aims")}\n`,
    ...aims.map(({ what, aim, measured, met }) => `${marks[`${met}`]} ${what}: ${measured}; ${aim} was the aim\n`),
  ].join("");
}

/** What figures were taken on, and whether they can be taken for what they are. */
export function circumstances(
  { machine, date, rounds }: Pick<BenchResult, "machine" | "date" | "rounds">,
  paint: Paint,
): string {
  const busy = machine.loadBefore > machine.cpus / 4;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `${machine.system}, kernel ${machine.kernel}, ${machine.cpus} × ${machine.model}, ${machine.memoryMib} MiB\n`,
    `${versions.join("; ")}\n`,
    `${date.slice(0, 10)}, ${rounds} rounds, load ${machine.loadBefore.toFixed(1)} before\n`,
    ...(busy
      ? [paint("yellow", "The machine was busy with something else: take none of this for its own figures.\n")]
      : []),
  ].join("");
}

function sizeText({ hosts, figures, differences, breakdown }: SizeResult, paint: Paint): string {
  const rows = (Object.keys(figures) as VariantName[]).flatMap((name) => {
    const own = operations.map((operation) => figures[name]?.[operation]);
    const less = own.map((figure) => (figure?.ratioLessPulumi ? times(figure.ratioLessPulumi) : ""));
    return [
      [variants[name], ...own.map(cell)],
      ...(less.some(Boolean) ? [["  less the start of Pulumi", ...less]] : []),
    ];
  });
  const total = breakdown.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const parts = breakdown.map(({ name, milliseconds }) => [
    name,
    `${(milliseconds / 1_000).toFixed(2)} s`,
    `${Math.round((100 * milliseconds) / total)} %`,
  ]);
  const differing = (Object.keys(differences) as VariantName[]).filter((name) => differences[name]?.length);
  return [
    `${paint("bold", `A Swarm of ${hosts} hosts`)}: ratio to the raw engine API, median (least to most)\n`,
    table(["", "UP", "UP AGAIN", "DOWN"], rows),
    ...differing.map((name) => `${variants[name]} differs in: ${differences[name]?.join(", ")}\n`),
    `\nWhere the time of one more drydock up went\n`,
    table(["UNTIL", "TIME", "SHARE"], parts),
  ].join("");
}

function cell(figure: Figure | undefined): string {
  if (!figure) return "–";
  return figure.ratio ? `${times(figure.ratio)}  ${time(figure.milliseconds)}` : time(figure.milliseconds);
}

/** A ratio, median (least to most). */
export const times = ({ median, least, most }: Summary) =>
  `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;

/** Milliseconds as seconds, median (least to most). */
export const time = ({ median, least, most }: Summary) =>
  `${(median / 1_000).toFixed(2)} s (${(least / 1_000).toFixed(2)} to ${(most / 1_000).toFixed(2)})`;

const mib = (value: number) => `${Math.round(value)} MiB`;
