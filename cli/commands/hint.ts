import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { positiveInteger } from "../numbers.ts";

interface HintOptions {
  count: number;
}

export const hint: CommandSpec<HintOptions> = {
  name: "hint",
  arguments: "[step]",
  group: "Learning",
  summary: "Give a hint for a step, or for the first that is not done",
  description: "For the first that is not done it begins with what the step's checks saw and advise.",
  examples: [
    ["./drydock hint", "runs the checks and helps with the first step that fails"],
    ["./drydock hint --count 2", "the same with the guide's first two hints"],
    ["./drydock hint 2", "the guide's first hint for step 2"],
  ],
  configure: (command) => command.option("--count <number>", "how many of the guide's hints", positiveInteger, 1),
  async run({ args: [number], options, terminal, reporter, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { loadLab } = await import("../../labs/index.ts");
    const { stepOf } = await import("../guideSteps.ts");
    const { nextStep } = await import("../nextStep.ts");
    const { hintText } = await import("../views/hintText.ts");
    const stack = await openToLook(options.stack);
    const guide = await loadLab(stack.lab.slug).guide();
    const { step, failed } = number
      ? { step: stepOf(guide, number), failed: [] }
      : await nextStep(stack, guide, reporter);
    if (!step) {
      print({ done: true }, () => "Every step is done.\n");
      return exitCode.done;
    }
    const hints = step.hints.slice(0, options.count);
    const more = step.hints.length - hints.length;
    const onStack = options.stack === "dev" ? "" : ` --stack ${options.stack}`;
    const asked = { named: number !== undefined, count: options.count, onStack };
    print({ done: false, step: step.number, title: step.title, failed, hints, more }, () =>
      hintText(step, failed, asked, terminal.paint),
    );
    return exitCode.done;
  },
};
