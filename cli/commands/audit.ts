import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

interface AuditOptions {
  all?: true;
}

export const audit: CommandSpec<AuditOptions> = {
  name: "audit",
  group: "Machine",
  summary: "List everything of a stack that is on this machine and its engine",
  description: "Looks for objects, contexts, files, processes and state. Exits with 1 when there is anything.",
  examples: [
    ["./drydock audit", "what is there of stack dev; after `./drydock down`, nothing"],
    ["./drydock audit --all", "what is there of any stack"],
  ],
  configure: (command) => command.option("--all", "of every stack"),
  async run({ options, print }) {
    const { audit } = await import("../../stacks/audit.ts");
    const { leftoverText } = await import("../views/leftoverText.ts");
    const left = await audit(options.all ? undefined : options.stack);
    const whose = options.all ? "any stack" : `stack ${options.stack}`;
    print(left, () => (left.length === 0 ? `Nothing of ${whose} is there.\n` : leftoverText(left)));
    return left.length === 0 ? exitCode.done : exitCode.found;
  },
};
