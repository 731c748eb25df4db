import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const reap: CommandSpec = {
  name: "reap",
  group: "Machine",
  summary: "Take away every stack of this home that is past its expiry",
  description:
    "By the expiry in a stack's settings, or where there are none by what was recorded and by labels: it needs no state.\n" +
    "Fit for cron and systemd; docs/cohorts.md has a timer. Exits with 1 when something is left.",
  examples: [["./drydock reap", "what has expired goes; without an expiry a stack stays for ever"]],
  async run({ terminal, reporter, print }) {
    const { reap } = await import("../../stacks/reap.ts");
    const reaped = await reap(reporter);
    print(reaped, () =>
      reaped.length === 0
        ? "No stack is past its expiry.\n"
        : reaped
            .map(({ stack, expiry, left }) => {
              if (expiry === undefined) return `${terminal.paint("red", "✖")} ${stack}: ${left.join(", ")}\n`;
              if (left.length === 0) return `${terminal.paint("green", "✔")} ${stack}, expired ${expiry}, is gone.\n`;
              return `${terminal.paint("red", "✖")} ${stack}, expired ${expiry}, is not all gone:\n${left.map((line) => `  ${line}\n`).join("")}`;
            })
            .join(""),
    );
    return reaped.every(({ left }) => left.length === 0) ? exitCode.done : exitCode.found;
  },
};
