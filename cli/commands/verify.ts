import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { noInstallOption } from "../noInstallOption.ts";
import { positiveInteger } from "../numbers.ts";

interface VerifyOptions {
  all?: true;
  junit?: string;
  jobs: number;
  install: boolean;
}

export const verify: CommandSpec<VerifyOptions> = {
  name: "verify",
  arguments: "[lab...]",
  group: "Authors",
  summary: "Test labs from nothing to nothing, each on a stack of its own",
  description:
    "Up; every check fails; the guide's solution runs; every check passes; a second up changes nothing; down;\n" +
    "the audit finds nothing. Exits with 1 when a lab fails, naming the phase. Ctrl-C cleans up first; after a\n" +
    "run that was killed, the next one does.",
  examples: [
    ["./drydock verify swarm-basics", "one lab"],
    ["./drydock verify --all --jobs 2 --junit labs.xml", "every lab, two at once, with a report for CI"],
  ],
  configure: (command) =>
    command
      .option("--all", "every lab")
      .option("--jobs <number>", "how many labs at once", positiveInteger, 1)
      .option("--junit <file>", "write the results as JUnit XML, too")
      .addOption(noInstallOption()),
  async run({ args, options, terminal, reporter, print }) {
    const { interruptible } = await import("../interruptible.ts");
    const { removeAbandoned } = await import("../verify/abandonedStacks.ts");
    const { chosenLabs } = await import("../verify/chosenLabs.ts");
    const { isVerified, resultSuites, resultsText } = await import("../verify/results.ts");
    const { verifyLabs } = await import("../verify/verifyLabs.ts");
    const { refuseBadOutput, writeOutput } = await import("../outputFile.ts");
    const { setup } = await import("../../setup/index.ts");
    const slugs = chosenLabs(args, options.all);
    await refuseBadOutput("--junit", options.junit);
    await setup({ install: options.install, reporter });
    return interruptible(reporter, async (signal) => {
      await removeAbandoned(reporter);
      const labs = await verifyLabs(slugs, { jobs: options.jobs, reporter, signal });
      print(labs, () => resultsText(labs, terminal.paint));
      if (options.junit !== undefined) {
        const { junit } = await import("../junit.ts");
        await writeOutput(options.junit, junit(resultSuites(labs)));
      }
      if (signal.aborted) return exitCode.interrupted;
      return labs.every(isVerified) ? exitCode.done : exitCode.found;
    });
  },
};
