import * as pulumi from "@pulumi/pulumi";
import type { Ground, GroundArgs } from "../ground.ts";
import { Ec2Host } from "./ec2Host.ts";
import { machines } from "./machines.ts";

/** Lays a stack's hosts out as EC2 instances, in a VPC of their own. */
export function cloud({ plan, access, parent }: GroundArgs): Ground {
  const hosts = machines({ plan, access, parent }).map(
    (machine) => new Ec2Host(machine.host.name, { plan, machine, access }, { parent }),
  );
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
    // No mirror of it: the hosts ask it themselves for more than the lab's images.
    registry: pulumi
      .all(hosts.map(({ imageSource }) => imageSource))
      .apply(([source = "registry"]) => ({ address: "docker.io", source })),
  };
}
