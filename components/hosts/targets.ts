import type { TargetName } from "../../stacks/target.ts";
import type { Ground, GroundArgs } from "./ground.ts";

/** How each target lays a stack's hosts out. Loaded when it is asked for: what one needs, no other waits for. */
export const targets: Record<TargetName, () => Promise<(args: GroundArgs) => Ground>> = {
  container: async () => {
    const [{ localEngine }, { ContainerHost }] = await Promise.all([
      import("./localEngine.ts"),
      import("./containerHost.ts"),
    ]);
    return (args) => localEngine("container", ContainerHost, args);
  },
  vm: async () => {
    const [{ localEngine }, { VmHost }] = await Promise.all([import("./localEngine.ts"), import("./vmHost.ts")]);
    return (args) => localEngine("vm", VmHost, args);
  },
  ssh: async () => (await import("./ssh/machines.ts")).machines,
  ec2: async () => (await import("./ec2/cloud.ts")).cloud,
};
