import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../../../stacks/plan.ts";
import type { Ground, GroundArgs } from "../ground.ts";
import { hubOf, MachineHost } from "../machineHost.ts";
import { machines } from "./machines.ts";

/** Seconds from the start of an instance until its engine answers: it boots, and gets its packages from Debian. */
const readyDeadlineSec = 900;

/** Lays a stack's hosts out as EC2 instances, in a VPC of their own. */
export function cloud({ plan, access, parent }: GroundArgs): Ground {
  // A laptop's line is slower than an instance's own.
  const imageSource: Plan["imageSource"] = plan.imageSource === "bootstrap" ? "bootstrap" : "registry";
  const hosts = machines({ plan, access, parent }).map(({ host, hostKey, instanceId, publicAddress, network }) => {
    const args = { plan, host, access, incarnation: instanceId, goesWith: network.vpc, readyDeadlineSec, imageSource };
    return new MachineHost(host.name, { ...args, sshd: { host: publicAddress, hostKey } }, { parent });
  });
  return {
    hosts,
    network: pulumi.all(hosts.map(({ facts }) => facts)).apply((facts) => ({
      name: plan.network.name,
      driver: "vpc" as const,
      subnet: plan.network.subnet,
      mtu: Math.min(...facts.map(({ linkMtu }) => linkMtu)),
      encrypted: false,
      attachable: false,
    })),
    registry: hubOf(hosts),
  };
}
