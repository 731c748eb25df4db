import type * as pulumi from "@pulumi/pulumi";
import type { Lab } from "../../labs/lab.ts";
import type { NetworkOutput, StackOutputs } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { SshKey } from "../resources.ts";
import type { LabHost } from "./labHost.ts";

/** What a stack's hosts are laid out from. */
export interface GroundArgs {
  plan: Plan;
  lab: Lab;
  /** The learner's key to all hosts of the stack. */
  access: SshKey;
  parent: pulumi.Resource;
}

/** The hosts of a stack, and what they stand on: the network between them, and the registry that they use as their mirror. */
export interface Ground {
  /** In the plan's order. */
  hosts: LabHost[];
  network: pulumi.Output<NetworkOutput>;
  registry: pulumi.Output<StackOutputs["registry"]>;
}
