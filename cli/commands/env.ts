import { Option } from "commander";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";
import { shells, type Shell } from "../shells.ts";

interface EnvOptions {
  shell: Shell;
}

export const env: CommandSpec<EnvOptions> = {
  name: "env",
  group: "Machine",
  summary: "Print the variables with which plain `pulumi` works on the same stacks",
  description:
    "Also DRYDOCK_STACK, which names the stack of further commands, and DRYDOCK_PREFIX, which its containers' names\n" +
    "begin with.",
  examples: [
    ['eval "$(./drydock env)"', "then: pulumi preview --stack dev"],
    ["./drydock env --shell fish | source", "the same in fish"],
    ["./drydock env --shell powershell | Out-String | Invoke-Expression", "the same in PowerShell"],
  ],
  configure: (command) =>
    command.addOption(new Option("--shell <name>", "whose syntax").choices(Object.keys(shells)).default("sh")),
  async run({ options, print }) {
    const { environment } = await import("../../setup/environment.ts");
    const { homeFolder } = await import("../../stacks/home.ts");
    const { stackPrefix } = await import("../../stacks/names.ts");
    const { stack } = options;
    const variables = { ...environment(homeFolder()), DRYDOCK_STACK: stack, DRYDOCK_PREFIX: stackPrefix(stack) };
    print(variables, () => shells[options.shell](variables));
    return exitCode.done;
  },
};
