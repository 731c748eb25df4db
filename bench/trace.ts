import type { Phase } from "../stacks/phase.ts";
import { breakdown, type Breakdown, type Moment } from "./breakdown.ts";

/** What a process wrote down of itself; milliseconds since 1970. */
export interface Trace {
  /** The file that Node.js ran. */
  program: string;
  started: number;
  marks: { name: string; at: number }[];
  ended: number;
}

/** Something that Pulumi told of a resource, and when that was seen. */
export interface Seen {
  type: string;
  at: number;
}

/** The last resource of these types ends a part; in the order in which they end. */
const parts: readonly (readonly [name: string, ...types: string[]])[] = [
  ["resource provider starts", "pulumi:providers:drydock"],
  ["lab network", "drydock:index:LabBridge"],
  ["host containers", "drydock:index:HostContainer"],
  ["engines answer", "drydock:index:HostReady"],
  ["Swarm and overlay network", "drydock:index:SwarmNode", "drydock:index:SwarmNetwork"],
];

/** Where the time of one `drydock up` went, from what its processes wrote down and what Pulumi's event log told. */
export function upBreakdown(
  started: number,
  ended: number,
  traces: readonly Trace[],
  seen: readonly Seen[],
): Breakdown {
  const marks = new Map(traces.flatMap((trace) => trace.marks.map(({ name, at }) => [name, at])));
  const marked = (name: string, phase: Phase): Moment => ({ name, at: marks.get(phase) ?? 0 });
  const program = traces.find((trace) => trace.program.includes("@pulumi"));
  const last = (types: string[]) => Math.max(0, ...seen.filter(({ type }) => types.includes(type)).map(({ at }) => at));
  return breakdown(started, [
    marked("command line starts", "command"),
    marked("set-up finds all there", "set-up"),
    marked("looking at the machine", "machine"),
    marked("images are looked for", "images"),
    marked("stack is made known", "stack"),
    { name: "Pulumi starts", at: program?.started ?? 0 },
    { name: "program starts", at: Math.min(...seen.map(({ at }) => at)) },
    ...parts.map(([name, ...types]) => ({ name, at: last(types) })),
    marked("Pulumi ends", "pulumi"),
    marked("outputs are read", "outputs"),
    { name: "command line ends", at: ended },
  ]);
}
