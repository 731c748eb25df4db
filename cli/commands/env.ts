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
    "PULUMI_STACK and DRYDOCK_STACK name the stack of further commands; DRYDOCK_PREFIX is what its containers' names\n" +
    "begin with; DOCKER_HOST names the engine of a stack that is on another machine; PULUMI_OPTION_... are what a\n" +
    "cohort's `pulumi up` takes, so that one learner's failure leaves the others. PULUMI_CONFIG_PASSPHRASE is\n" +
    "unset (null with --json): Pulumi would prefer it to the passphrase file.",
  examples: [
    ['eval "$(./drydock env)"', "then: pulumi preview"],
    ["./drydock env --shell fish | source", "the same in fish"],
    ["./drydock env --shell powershell | Out-String | Invoke-Expression", "the same in PowerShell"],
  ],
  configure: (command) =>
    command.addOption(new Option("--shell <name>", "whose syntax").choices(Object.keys(shells)).default("sh")),
  async run({ options, print }) {
    const { stackEnvironment } = await import("../stackEnvironment.ts");
    const { configuredEngine } = await import("../../stacks/sameEngine.ts");
    const { isCohortStack } = await import("../../stacks/stack.ts");
    const [engineUrl, cohort] = await Promise.all([configuredEngine(options.stack), isCohortStack(options.stack)]);
    const variables = stackEnvironment(options.stack, { engineUrl, cohort });
    print(variables, () => shells[options.shell](variables));
    return exitCode.done;
  },
};
