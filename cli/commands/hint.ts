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
  examples: [
    ["./drydock hint", "runs the checks and helps with the first step that fails"],
    ["./drydock hint 2 --count 2", "the first two hints of step 2"],
  ],
  configure: (command) => command.option("--count <number>", "how many hints to give", positiveInteger, 1),
  async run({ args: [number], options, reporter, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { loadLab } = await import("../../labs/index.ts");
    const { stepOf } = await import("../guideSteps.ts");
    const stack = await openToLook(options.stack);
    const guide = await loadLab(stack.lab.slug).guide();
    const { step, failed } = number
      ? { step: stepOf(guide, number), failed: [] }
      : await import("../nextStep.ts").then(({ nextStep }) => nextStep(stack, guide, reporter));
    if (!step) {
      print({ done: true }, () => "Every step is done.\n");
      return exitCode.done;
    }
    const hints = [...step.hints, ...failed];
    const given = hints.slice(0, options.count);
    const more = hints.length - given.length;
    const onStack = options.stack === "dev" ? "" : ` --stack ${options.stack}`;
    print({ done: false, step: step.number, title: step.title, hints: given, more }, () =>
      [
        `Step ${step.number}: ${step.title}`,
        ...(given.length > 0 ? given : ["There is no hint for this step."]),
        more > 0
          ? `${more} more: ./drydock hint ${step.number} --count ${given.length + 1}${onStack}`
          : `The solution does it for you: ./drydock solve --from ${step.number} --to ${step.number}${onStack}`,
        "",
      ].join("\n\n"),
    );
    return exitCode.done;
  },
};
