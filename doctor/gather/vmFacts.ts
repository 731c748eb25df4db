import type Docker from "dockerode";
import { vmPrivileges } from "../../images/vmPrivileges.ts";
import type { Unseen, VmFacts } from "../facts.ts";
import { runTemporary } from "./temporaryContainer.ts";

const deadlineMs = 30_000;

const script = `
drydock-accelerator
mkdir -p /dev/net
[ -e /dev/net/tun ] || mknod -m 600 /dev/net/tun c 10 200
ip tuntap add dev tap0 mode tap && ip link add lab type bridge && ip link set tap0 master lab && echo tap
`;

/** Tries what a virtual machine needs, in a container with the rights of one. */
export async function vmFacts(engine: Docker, vmImage: () => Promise<string>): Promise<VmFacts | Unseen> {
  const options = {
    Image: await vmImage(),
    Entrypoint: ["tini", "--", "sh", "-c", script],
    HostConfig: { ...vmPrivileges, NetworkMode: "none" },
  };
  return parseVmLook((await runTemporary(engine, options, deadlineMs)).output);
}

/** What the script printed. */
export function parseVmLook(output: string): VmFacts | Unseen {
  const [first = "", ...rest] = output.trim().split("\n");
  const [accelerator, ...because] = first.split(" ");
  if (accelerator !== "kvm" && accelerator !== "tcg") return { unseen: `looking failed: ${first}` };
  return { accelerator, because: because.join(" "), tap: rest.includes("tap") };
}
