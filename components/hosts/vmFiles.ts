import { stringify } from "yaml";
import type { HostPlan, Plan } from "../../stacks/plan.ts";
import { cloudConfig } from "./cloudConfig.ts";
import { daemonConfig } from "./daemonConfig.ts";
import type { HostFilesArgs } from "./localHost.ts";

/** What a virtual machine's container is given: how to run the guest, and the seed of cloud-init's NoCloud. */
export function vmFiles({ plan, host, mirror, hostKey, authorizedKey }: HostFilesArgs): Record<string, string> {
  return {
    "/etc/drydock/machine": machine(plan, host),
    "/etc/drydock/seed/meta-data": stringify({ "instance-id": host.container }),
    "/etc/drydock/seed/network-config": networkConfig(plan, host),
    "/etc/drydock/seed/vendor-data": vendorData(host),
    "/etc/drydock/seed/user-data": cloudConfig({
      hostname: host.name,
      hostKey,
      authorizedKeys: [authorizedKey],
      daemonJson: daemonConfig(plan, mirror),
      files: { "/root/lab/overlay-pool": `${plan.swarm.overlayBase}\n` },
    }),
  };
}

/** Shell variables for images/vm/entrypoint.sh. */
function machine({ network }: Plan, { memoryMib, cpus, containerAddress }: HostPlan): string {
  return [
    `memory_mib=${memoryMib}`,
    `cpus=${Math.ceil(cpus)}`,
    `container_address=${containerAddress}/${prefixLength(network)}`,
    `gateway=${network.gateway}`,
    "",
  ].join("\n");
}

/** @see https://cloudinit.readthedocs.io/en/latest/reference/network-config-format-v2.html */
const networkConfig = ({ network }: Plan, { address }: HostPlan) =>
  stringify({
    version: 2,
    ethernets: {
      eth0: {
        addresses: [`${address}/${prefixLength(network)}`],
        routes: [{ to: "0.0.0.0/0", via: network.gateway }],
      },
    },
  });

/** The resolver in the guest's container knows the lab's hosts by name; of its own name the guest has the lab's address. */
function vendorData({ name, address, containerAddress }: HostPlan): string {
  const script = [
    `echo nameserver ${containerAddress} > /etc/resolv.conf`,
    `printf '127.0.0.1 localhost\\n${address} ${name}\\n' > /etc/hosts`,
  ].join("\n");
  return `#cloud-config\n${stringify({ bootcmd: [["sh", "-c", script]] })}`;
}

const prefixLength = ({ subnet }: Plan["network"]) => subnet.split("/")[1];
