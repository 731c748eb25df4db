import * as pulumi from "@pulumi/pulumi";
import { Machines } from "../../resources.ts";
import type { Ground, GroundArgs } from "../ground.ts";
import { SshHost } from "./sshHost.ts";

/** Makes a stack's hosts of machines that exist. */
export function machines({ plan, access, parent }: GroundArgs): Ground {
  const { ssh, labels } = plan;
  if (ssh === undefined) throw new Error(`stack ${plan.stack} has no plan for machines`);
  const checked = new Machines("machines", { ...ssh, labels }, { parent });
  const hosts = plan.hosts.map((host, index) => {
    const machine = ssh.machines[index];
    if (machine === undefined) throw new Error(`host ${host.name} has no machine`);
    return new SshHost(host.name, { plan, host, machine, ssh, checked, access }, { parent });
  });
  return {
    hosts,
    network: checked.mtu.apply((mtu) => ({
      name: plan.network.name,
      driver: "machines" as const,
      subnet: plan.network.subnet,
      mtu,
      encrypted: false,
      attachable: false,
    })),
    // No mirror of it: the hosts ask it themselves for more than the lab's images.
    registry: pulumi
      .all(hosts.map(({ imageSource }) => imageSource))
      .apply(([source = "registry"]) => ({ address: "docker.io", source })),
  };
}
