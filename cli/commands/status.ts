import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const status: CommandSpec = {
  name: "status",
  group: "Labs",
  summary: "Show hosts, addresses, networks and components, and which of them work",
  description:
    "Asks the hosts. Exits with 1 when something of the stack does not run or does not answer, a Swarm node is down or\n" +
    "gone, the Swarm has no quorum, or a component such as a registry does not do its work: then it says why.",
  examples: [["./drydock status", "how the stack is; a host that is dead is named, with the reason"]],
  async run({ options, terminal, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { stackStatus } = await import("../stackStatus.ts");
    const { statusText } = await import("../views/statusText.ts");
    const status = await stackStatus(await openToLook(options.stack));
    print(status, () => statusText(status, terminal.paint));
    return status.up ? exitCode.done : exitCode.found;
  },
};
