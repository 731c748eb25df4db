import * as pulumi from "@pulumi/pulumi";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";
import type { HostPlan } from "../../stacks/plan.ts";
import type { HostImages, HostReady } from "../resources.ts";

interface FactsOptions {
  /** MTU in bytes of its link to the lab network; that of its default route by default. */
  linkMtu?: pulumi.Input<number>;
  /** The images that it is given: what builds on the host waits for them, too. */
  images?: HostImages;
}

/** What was found of a host once its engine answered. */
export const factsOf = (
  { engineVersion, cgroupVersion, capabilities, ...ready }: HostReady,
  { linkMtu = ready.linkMtu, images }: FactsOptions = {},
): pulumi.Output<HostReadyOutputs> =>
  pulumi.all([{ engineVersion, cgroupVersion, linkMtu, capabilities }, images?.origin ?? ""]).apply(([facts]) => facts);

/** A host as the world outside sees it, once its engine answered. */
export const outputOf = (
  { name, role, labels, address, container }: HostPlan,
  ssh: { [K in keyof HostOutput["ssh"]]: pulumi.Input<HostOutput["ssh"][K]> },
  { engineVersion, cgroupVersion, capabilities }: HostReady,
): pulumi.Output<HostOutput> =>
  pulumi.output({ name, role, labels, address, container, ssh, engineVersion, cgroupVersion, capabilities });
