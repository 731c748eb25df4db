import { join } from "node:path";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

/** What ssh itself exits with when it cannot connect. */
const sshFailed = 255;

export const ssh: CommandSpec = {
  name: "ssh",
  arguments: "<host>",
  group: "Learning",
  summary: "Open a shell on a host",
  description:
    "For one command there is `./drydock exec HOST -- COMMAND`. With --json: how to reach the host, for other tools.",
  examples: [
    ["./drydock ssh manager-1", "a root shell on manager-1; leave it with `exit`"],
    ["./drydock ssh worker-1 --json", "address, port, user and key file"],
  ],
  async run({ args: [name = ""], options, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { hostNamed } = await import("../liveHosts.ts");
    const { MachineError } = await import("../../stacks/machineError.ts");
    const stack = await openToLook(options.stack);
    const { container, ssh } = hostNamed(await stack.outputs(), name);
    const config = join(stack.folder, "ssh_config");
    if (options.json) {
      print({ ...ssh, key: join(stack.folder, "id_ed25519"), config, alias: container }, () => "");
      return exitCode.done;
    }
    const { execa } = await import("execa");
    const session = await execa("ssh", ["-F", config, container], { stdio: "inherit", reject: false });
    if (session.code === "ENOENT") {
      throw new MachineError("There is no ssh client on this machine.", {
        fix: `Install one (openssh-client), or use: ./drydock exec ${name} -- COMMAND`,
      });
    }
    return session.exitCode === sshFailed ? exitCode.machine : exitCode.done;
  },
};
