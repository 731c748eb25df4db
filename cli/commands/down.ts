import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface DownOptions {
  images?: true;
}

export const down: CommandSpec<DownOptions> = {
  name: "down",
  group: "Labs",
  summary: "Take the stack away, and prove that nothing is left",
  description:
    "Works without the state file too, and after an `up` that was cut off. Exits with 1 when something is left, be it\n" +
    "another Drydock home's stack of that name, which is named and left alone.",
  examples: [
    ["./drydock down", "destroys, sweeps and audits stack dev"],
    ["./drydock down --images", "also removes images of ours that no stack uses"],
  ],
  configure: (command) => command.option("--images", "remove images of ours that no stack uses, too"),
  async run({ options, terminal, reporter, print }) {
    const { down } = await import("../../stacks/teardown.ts");
    const { isCohortStack, settingsFile } = await import("../../stacks/stack.ts");
    const { VisibleError } = await import("../../stacks/visibleError.ts");
    const { leftoverText } = await import("../views/leftoverText.ts");
    if (await isCohortStack(options.stack)) {
      throw new VisibleError(`Stack ${options.stack} is a cohort: it has learners.`, {
        fix: `\`./drydock cohort down --stack ${options.stack}\` takes all of their stacks away.`,
      });
    }
    const report = await down(options.stack, { images: options.images, reporter });
    print(report, () => {
      if (report.left.length > 0) return `Stack ${options.stack} is not all gone:\n${leftoverText(report.left)}`;
      if (report.removed.length === 0) {
        const file = settingsFile(options.stack);
        return `There was nothing of stack ${options.stack}${existsSync(file) ? "" : `, and no ${basename(file)}`}.\n`;
      }
      const gone = `Stack ${options.stack} is gone: ${report.removed.length} removed, nothing left.`;
      return `${terminal.paint("green", "✔")} ${gone}\n`;
    });
    return report.left.length === 0 ? exitCode.done : exitCode.found;
  },
};
