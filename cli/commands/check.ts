import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { positiveInteger } from "../numbers.ts";

interface CheckOptions {
  step?: number;
  junit?: string;
}

export const check: CommandSpec<CheckOptions> = {
  name: "check",
  group: "Learning",
  summary: "Say which steps of the lab are done, and what was seen",
  description: "Looks at the hosts' live state. Exits with 1 when a check fails.",
  examples: [
    ["./drydock check", "every check"],
    ["./drydock check --step 2", "only those of step 2"],
    ["./drydock check --junit checks.xml", "a report for CI besides"],
  ],
  configure: (command) =>
    command
      .option("--step <number>", "only this step's checks", positiveInteger)
      .option("--junit <file>", "write the verdicts as JUnit XML, too"),
  async run({ options, terminal, reporter, print }) {
    const { gradeStack } = await import("../gradeStack.ts");
    const { openToLook } = await import("../openToLook.ts");
    const { gradedText } = await import("../views/gradedText.ts");
    const { refuseBadOutput, writeOutput } = await import("../outputFile.ts");
    const stack = await openToLook(options.stack);
    await refuseBadOutput("--junit", options.junit);
    const graded = await gradeStack(stack, { step: options.step, reporter });
    print(graded, () => gradedText(graded, terminal.paint));
    if (options.junit !== undefined) {
      const { junit, suiteOfChecks } = await import("../junit.ts");
      await writeOutput(options.junit, junit([suiteOfChecks(stack.lab.slug, graded)]));
    }
    return graded.some(({ verdict }) => verdict.verdict === "fail") ? exitCode.found : exitCode.done;
  },
};
