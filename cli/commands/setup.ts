import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { noInstallOption } from "../noInstallOption.ts";

interface SetupOptions {
  install: boolean;
  clean?: true;
}

export const setup: CommandSpec<SetupOptions> = {
  name: "setup",
  group: "Machine",
  summary: "Get everything that Drydock needs: Pulumi, its plugins, an engine, the base image",
  description:
    "up, verify, test and bench do it, too, where something is missing. What is there already is left alone.\n" +
    "Where the base image comes from is the stack's setting images; auto where there is no such stack. A stack of the\n" +
    "target ec2 needs no engine and no image, but a plugin more.",
  examples: [
    ["./drydock setup", "finds, downloads or builds what is missing"],
    ["./drydock setup --clean", "also removes the caches of what was built"],
  ],
  configure: (command) =>
    command.addOption(noInstallOption()).option("--clean", "remove the build caches that set-up made, too"),
  async run({ options: { install, clean, stack }, terminal, reporter, print }) {
    const { hasSettings } = await import("../../stacks/stack.ts");
    const { openToLook } = await import("../openToLook.ts");
    const { cleanCaches, setup } = await import("../../setup/index.ts");
    const config = (await hasSettings(stack)) ? (await openToLook(stack)).config : undefined;
    const { images: imageSource = "auto", target = "container", engine: engineUrl } = config ?? {};
    const report = await setup({ install, imageSource, target, engineUrl, reporter });
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
