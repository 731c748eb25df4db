import { table } from "../../cli/table.ts";
import type { Terminal } from "../../cli/terminal.ts";
import { circumstances, time, times } from "../benchText.ts";
import type { Summary } from "../statistics.ts";
import type { ComponentsResult } from "./run.ts";

/** What was measured of the components, as tables. */
export function componentsText(result: ComponentsResult, paint: Terminal["paint"]): string {
  const { healthy, rates, ratios } = result;
  return [
    circumstances(result, paint),
    `\n${paint("bold", "A registry and a logging stack on two hosts")}: until every component works, median (least to most)\n`,
    table(
      ["", "TIME", "RATIO"],
      [
        ["raw engine API, the same containers", time(healthy.bound), ""],
        ["drydock up", time(healthy.ours), times(healthy.ratio)],
      ],
    ),
    `\n${paint("bold", "An image of 256 MiB")}: beside a copy of as many bytes over the same link\n`,
    table(
      ["", "IMAGE", "COPY", "RATIO"],
      [
        ["push", mibs(rates.push), mibs(rates.copyThere), times(ratios.push)],
        ["pull", mibs(rates.pull), mibs(rates.copyBack), times(ratios.pull)],
      ],
    ),
    `\n${paint("bold", "Logs")}: ${Math.round(rates.logs.median).toLocaleString("en")} lines a second, from a container's start until Loki finds them all\n`,
  ].join("");
}

const mibs = ({ median, least, most }: Summary) =>
  `${Math.round(median)} MiB/s (${Math.round(least)} to ${Math.round(most)})`;
