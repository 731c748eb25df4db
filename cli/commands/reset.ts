import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { positiveInteger } from "../numbers.ts";

interface ResetOptions {
  to?: number;
}

export const reset: CommandSpec<ResetOptions> = {
  name: "reset",
  group: "Learning",
  summary: "Rebuild the hosts, and do the steps up to one again",
  description: "What you have made on the hosts is lost. Exits with 1 when a block of the guide fails.",
  examples: [
    ["./drydock reset", "the lab as `./drydock up` made it"],
    ["./drydock reset --to 2", "the same with steps 1 and 2 done, to begin at step 3"],
  ],
  configure: (command) => command.option("--to <step>", "last step to do again; by default none", positiveInteger),
  async run({ options, reporter, print }) {
    const { openStack } = await import("../../stacks/stack.ts");
    const { setup } = await import("../../setup/index.ts");
    const { bringUp } = await import("../bringUp.ts");
    const { loadLab } = await import("../../labs/index.ts");
    const { stepOf } = await import("../guideSteps.ts");
    const { solveStack } = await import("../solveStack.ts");
    const { blocksJson } = await import("../views/blocksText.ts");
    const stack = await openStack(options.stack);
    if (options.to !== undefined) stepOf(await loadLab(stack.lab.slug).guide(), options.to);
    const { images: imageSource, target } = stack.config;
    await setup({ install: true, imageSource, target, engineUrl: stack.config.engine, reporter });
    await bringUp(stack, reporter, { anew: true });
    const blocks = options.to === undefined ? [] : await solveStack(stack, { to: options.to, reporter });
    const state = options.to === undefined ? "at its beginning" : `as it is after step ${options.to}`;
    print({ lab: stack.lab.slug, to: options.to, blocks: blocksJson(blocks) }, () => `The lab is ${state}.\n`);
    return exitCode.done;
  },
};
