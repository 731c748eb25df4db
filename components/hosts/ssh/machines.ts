import * as pulumi from "@pulumi/pulumi";
import { Machines } from "../../resources.ts";
import type { Ground, GroundArgs } from "../ground.ts";
import { SshHost } from "./sshHost.ts";

/** Makes a stack's hosts of machines that exist. */
export function machines({ plan, access, parent }: GroundArgs): Ground {
  const { ssh, labels } = plan;
  if (ssh === undefined) throw new Error(`stack ${plan.stack} has no plan for machines`);
  const checked = new Machines("machines", { ...ssh, labels }, { parent });
  return {
    hosts: plan.hosts.map((host, index) => {
      const machine = ssh.machines[index];
      if (machine === undefined) throw new Error(`host ${host.name} has no machine`);
      return new SshHost(host.name, { plan, host, machine, ssh, checked, access }, { parent });
    }),
    network: checked.mtu.apply((mtu) => ({
      name: plan.network.name,
      driver: "machines" as const,
      subnet: plan.network.subnet,
      mtu,
      encrypted: false,
      attachable: false,
    })),
    // No mirror of it: the hosts ask it themselves.
    registry: pulumi.output({ address: "docker.io", source: "registry" as const }),
  };
}
