import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutput } from "../stacks/outputs.ts";
import { overlayMtu } from "./overlayMtu.ts";
import { SwarmNetwork } from "./resources.ts";
import { memberOf, type SwarmCluster } from "./swarmCluster.ts";

export interface OverlayNetworkArgs {
  swarm: SwarmCluster;
  /** The network's name in Docker. */
  network: string;
  /** CIDR; by default Swarm cuts one from the stack's pool. */
  subnet?: string;
  /** Whether containers outside services may join; true by default, as labs need it. */
  attachable?: boolean;
  /** IPsec between the hosts; false by default. Carries nothing where a host's kernel has no ESP. */
  encrypted?: boolean;
  /** Besides the stack's. */
  labels?: Record<string, string>;
}

/** An overlay network across the hosts of a Swarm, its MTU worked out from theirs. */
export class OverlayNetwork extends pulumi.ComponentResource {
  readonly output: pulumi.Output<NetworkOutput>;

  constructor(name: string, args: OverlayNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:OverlayNetwork", name, {}, opts);
    const { swarm, network, subnet = "", attachable = true, encrypted = false, labels = {} } = args;
    const hosts = [...swarm.managers, ...swarm.workers];
    const pathMtu = pulumi
      .all(hosts.map((host) => host.facts))
      .apply((facts) => Math.min(...facts.map(({ linkMtu }) => linkMtu)));
    const overlay = new SwarmNetwork(
      name,
      {
        managers: pulumi.all(swarm.managers.map(memberOf)),
        name: network,
        subnet,
        attachable,
        encrypted,
        pathMtu,
        labels: { ...swarm.labels, ...labels },
        clusterId: swarm.clusterId,
      },
      { parent: this, deletedWith: swarm.goesWith, dependsOn: swarm.managerNodes },
    );
    this.output = pulumi.output({
      name: network,
      driver: "overlay" as const,
      subnet: overlay.actualSubnet,
      mtu: pathMtu.apply((mtu) => overlayMtu(mtu, encrypted)),
      encrypted,
      attachable,
    });
    this.registerOutputs({ subnet: overlay.actualSubnet });
  }
}
