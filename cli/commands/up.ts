import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { noInstallOption } from "../noInstallOption.ts";

interface UpOptions {
  install: boolean;
}

export const up: CommandSpec<UpOptions> = {
  name: "up",
  group: "Labs",
  summary: "Bring the lab up, or repair what was lost of it",
  description: "Does the set-up first where something is missing, then looks whether the machine can carry the lab.",
  examples: [
    ["./drydock up", "the lab that Pulumi.dev.yaml names"],
    ["./drydock up --stack class", "the lab that Pulumi.class.yaml names"],
  ],
  configure: (command) => command.addOption(noInstallOption()),
  async run({ options, terminal, reporter, print }) {
    const { bringUp } = await import("../bringUp.ts");
    const { upText } = await import("../views/upText.ts");
    const { openStack } = await import("../../stacks/stack.ts");
    const { setup } = await import("../../setup/index.ts");
    const { ended } = await import("../../stacks/phase.ts");
    const stack = await openStack(options.stack);
    ended("command");
    const { images: imageSource, target } = stack.config;
    await setup({ install: options.install, imageSource, target, engineUrl: stack.config.engine, reporter });
    ended("set-up");
    const { report, warnings } = await bringUp(stack, reporter);
    print({ ...report, warnings }, () => upText(stack, report, warnings, terminal.paint));
    return exitCode.done;
  },
};
