import type { SwarmOutput } from "../../stacks/outputs.ts";

/** How a service's published port is reached. */
export const ingressText = (ingress: SwarmOutput["ingress"]): string =>
  ingress === "mesh"
    ? "published ports are reached through the routing mesh, on every node"
    : "published ports are reached on the nodes that run a task: publish with mode=host";
