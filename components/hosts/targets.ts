import type { TargetName } from "../../stacks/target.ts";
import type { Ground, GroundArgs } from "./ground.ts";

/** How each target lays a stack's hosts out. Loaded when it is asked for: what a target needs is no other's affair. */
export const targets: Record<TargetName, () => Promise<(args: GroundArgs) => Ground>> = {
  container: async () => (await import("./localEngine.ts")).localEngine,
  ec2: async () => (await import("./ec2/cloud.ts")).cloud,
};
