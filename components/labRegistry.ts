import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Plan } from "../stacks/plan.ts";
import { labelsOf } from "./labels.ts";
import type { LabNetwork } from "./labNetwork.ts";
import type { LabImages } from "./resources.ts";

export interface LabRegistryArgs {
  plan: Plan;
  engine: docker.Provider;
  network: LabNetwork;
  images: LabImages;
}

/** The registry of a lab network, which its hosts use as their mirror of Docker Hub. */
export class LabRegistry extends pulumi.ComponentResource {
  /** Its address on the lab network, "host:port". */
  readonly address: string;

  constructor(
    name: string,
    { plan, engine, network, images }: LabRegistryArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("drydock:index:LabRegistry", name, {}, opts);
    this.address = `${plan.registry.address}:5000`;
    new docker.Container(
      name,
      {
        name: plan.registry.container,
        image: images.mirrorImage,
        hostname: "registry",
        labels: labelsOf(plan),
        // By way of the id, so that it is detached before the network is made anew.
        networksAdvanced: [
          { name: network.network.networkId.apply(() => network.name), ipv4Address: plan.registry.address },
        ],
        restart: "unless-stopped",
        memory: 256,
        memorySwap: 256,
        securityOpts: ["no-new-privileges:true"],
        envs: images.mirrorEnvironment,
      },
      { parent: this, provider: engine, deleteBeforeReplace: true, ignoreChanges: ["labels"] },
    );
    this.registerOutputs({ address: this.address });
  }
}
