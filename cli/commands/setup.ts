import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface SetupOptions {
  install: boolean;
  clean?: true;
}

export const setup: CommandSpec<SetupOptions> = {
  name: "setup",
  group: "Machine",
  summary: "Get everything that Drydock needs: Pulumi, its plugins, an engine, the base image",
  description: "Other commands do it on first use. What is there already is left alone.",
  examples: [
    ["./drydock setup", "finds, downloads or builds what is missing"],
    ["./drydock setup --clean", "also removes the caches of what was built"],
  ],
  configure: (command) =>
    command
      .option("--no-install", "refuse where a system package is missing, rather than install it")
      .option("--clean", "remove the build caches that set-up made, too"),
  async run({ options: { install, clean }, terminal, reporter, print }) {
    const { cleanCaches, setup } = await import("../../setup/index.ts");
    const report = await setup({ install, reporter });
    const freedBytes = clean ? await cleanCaches(reporter) : undefined;
    print({ ...report, freedBytes }, () =>
      [
        ...report.steps.map(({ title, detail }) => `${terminal.paint("green", "✔")} ${title}: ${detail}\n`),
        freedBytes === undefined ? "" : `${Math.round(freedBytes / 1e6)} MB of build caches removed.\n`,
        `Drydock is set up in ${report.home}\n`,
      ].join(""),
    );
    return exitCode.done;
  },
};
