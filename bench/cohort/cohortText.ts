import { table } from "../../cli/table.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { circumstances } from "../benchText.ts";
import type { CohortBench, CohortSize } from "./run.ts";

/** What classes took, as tables: beside the raw API, and for each learner, which tells what grows faster than the class. */
export function cohortText(result: CohortBench, paint: Terminal["paint"]): string {
  const { sizes, atOnce } = result;
  return [
    circumstances(result, paint),
    ...sizes.map((size) => `\n${sizeText(size, atOnce, paint)}`),
    `\n${paint("bold", "For each learner")}\n`,
    table(
      ["LEARNERS", "UP", "UP AGAIN", "STATUS", "CHECK", "DOWN", "MEMORY"],
      sizes.map(({ learners, ours }) => [
        String(learners),
        ...[ours.up, ours.again, ours.status, ours.check, ours.down].map((value) => seconds(value / learners)),
        mib(ours.memoryMib / learners),
      ]),
    ),
  ].join("");
}

function sizeText({ learners, hosts, bound, ours }: CohortSize, atOnce: number, paint: Terminal["paint"]): string {
  const beside = (own: number, to: number) => `${seconds(own)} (${(own / to).toFixed(2)} of the bound)`;
  return [
    `${paint("bold", `${learners} learners, ${hosts} hosts`)}, ${atOnce} stacks at a time\n`,
    table(
      ["", "UP", "UP AGAIN", "STATUS", "CHECK", "DOWN", "MEMORY"],
      [
        ["raw engine API", seconds(bound.up), "–", "–", "–", seconds(bound.down), mib(bound.memoryMib)],
        [
          "drydock cohort",
          beside(ours.up, bound.up),
          ...[ours.again, ours.status, ours.check].map(seconds),
          beside(ours.down, bound.down),
          `${mib(ours.memoryMib)}, at most ${mib(ours.peakMib)}`,
        ],
      ],
    ),
  ].join("");
}

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`;
const mib = (value: number) => `${Math.round(value)} MiB`;
