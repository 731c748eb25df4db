import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { positiveInteger } from "../numbers.ts";

interface SolveOptions {
  from?: number;
  to?: number;
}

export const solve: CommandSpec<SolveOptions> = {
  name: "solve",
  group: "Learning",
  summary: "Do the lab's work by running its guide's commands",
  description: "Exits with 1 when a block of the guide fails. For a fresh start first: ./drydock reset.",
  examples: [
    ["./drydock solve", "every step"],
    ["./drydock solve --from 2 --to 3", "steps 2 and 3, where step 1 is done already"],
  ],
  configure: (command) =>
    command
      .option("--from <step>", "first step to do; by default step 1", positiveInteger)
      .option("--to <step>", "last step to do; by default all", positiveInteger),
  async run({ options, reporter, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { solveStack } = await import("../solveStack.ts");
    const { blocksText, blocksJson } = await import("../views/blocksText.ts");
    const blocks = await solveStack(await openToLook(options.stack), { ...options, reporter });
    print(blocksJson(blocks), () => blocksText(blocks));
    return exitCode.done;
  },
};
