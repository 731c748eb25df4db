import * as pulumi from "@pulumi/pulumi";
import type { NetworkOutput } from "../stacks/outputs.ts";
import type { Plan } from "../stacks/plan.ts";
import { LabBridge } from "./resources.ts";

export interface LabNetworkArgs {
  plan: Plan;
  /** The outer engine's URL. */
  engineUrl: string;
}

/** MTU in bytes that Docker gives a bridge network which names none. */
const bridgeMtu = 1500;

/** The bridge network that a lab's hosts share. */
export class LabNetwork extends pulumi.ComponentResource {
  readonly network: LabBridge;
  readonly name: string;
  readonly output: pulumi.Output<NetworkOutput>;

  constructor(name: string, { plan, engineUrl }: LabNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:LabNetwork", name, {}, opts);
    const { name: networkName, subnet, gateway } = plan.network;
    this.name = networkName;
    this.network = new LabBridge(
      name,
      { engineUrl, name: networkName, subnet, gateway, labels: plan.labels },
      { parent: this },
    );
    this.output = pulumi.output({
      name: networkName,
      driver: "bridge" as const,
      subnet,
      mtu: bridgeMtu,
      encrypted: false,
      attachable: true,
    });
    this.registerOutputs({ name: this.name });
  }
}
