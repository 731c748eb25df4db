import * as pulumi from "@pulumi/pulumi";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";
import type { HostPlan } from "../../stacks/plan.ts";
import type { HostReady } from "../resources.ts";

/**
 * What was found of a host once its engine answered.
 * @param linkMtu MTU in bytes of its link to the lab network; that of its default route by default.
 */
export const factsOf = (
  { engineVersion, cgroupVersion, capabilities, ...ready }: HostReady,
  linkMtu: pulumi.Input<number> = ready.linkMtu,
): pulumi.Output<HostReadyOutputs> => pulumi.output({ engineVersion, cgroupVersion, linkMtu, capabilities });

/** A host as the world outside sees it, once its engine answered. */
export const outputOf = (
  { name, role, labels, address, container }: HostPlan,
  ssh: { [K in keyof HostOutput["ssh"]]: pulumi.Input<HostOutput["ssh"][K]> },
  { engineVersion, cgroupVersion, capabilities }: HostReady,
): pulumi.Output<HostOutput> =>
  pulumi.output({ name, role, labels, address, container, ssh, engineVersion, cgroupVersion, capabilities });
