import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { noInstallOption } from "../noInstallOption.ts";

interface TestOptions {
  unit?: true;
  live?: true;
  labs?: true;
  slow?: true;
  cloud?: true;
  all?: true;
  install: boolean;
}

export const test: CommandSpec<TestOptions> = {
  name: "test",
  group: "Authors",
  summary: "Do all of the set-up and pass every test",
  description:
    "Format, lint, types and unit tests; tests of the target ec2; live tests, which need an engine; the labs' own\n" +
    "tests. These by default; of the labs then as many as an hour allows, and what is left out is named.\n" +
    "Tests that kill and break things, or make all images anew, take as long again: --slow, or --all for everything.\n" +
    "The last line sums up: N passed, N failed, N skipped. Exits with 1 when anything failed.",
  examples: [
    ["./drydock test", "what every change must pass; on two cores within an hour"],
    ["./drydock test --all", "everything, the tests that break things too"],
    ["./drydock test --unit", "what needs no engine, in seconds"],
    ["./drydock test --live --labs", "only what needs one"],
  ],
  configure: (command) =>
    command
      .option("--unit", "format, lint, types and unit tests")
      .option("--live", "live tests on the engine")
      .option("--labs", "every lab's own test, as verify --all has them")
      .option("--slow", "tests that kill and break things, or make all images anew")
      .option("--cloud", "tests of the target ec2 against an emulator")
      .option("--all", "everything")
      .addOption(noInstallOption()),
  async run({ options, terminal, reporter, print }) {
    const { interruptible } = await import("../interruptible.ts");
    const { chosenParts, cloud, countsText, runSuite } = await import("../suite/runSuite.ts");
    const { setup } = await import("../../setup/index.ts");
    const parts = chosenParts(options);
    await setup({ install: options.install, reporter });
    if (parts.includes(cloud)) await setup({ install: options.install, target: "ec2", reporter });
    return interruptible(reporter, async (signal) => {
      const result = await runSuite(parts, { terminal, reporter, signal });
      print(result, () => `${countsText(result.total)}\n`);
      if (signal.aborted) return exitCode.interrupted;
      return result.total.failed === 0 ? exitCode.done : exitCode.found;
    });
  },
};
