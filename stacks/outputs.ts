import { z } from "zod";
import { capabilities } from "../labs/lab.ts";

const capabilityRecord = z.record(z.enum(capabilities), z.boolean());

/** A host as the world outside Pulumi sees it. No secret: the key is a file of mode 600 in the stack's folder. */
export const hostOutput = z.object({
  name: z.string(),
  role: z.enum(["manager", "worker", "host"]),
  labels: z.record(z.string(), z.string()),
  /** Address on the lab network. */
  address: z.string(),
  /** Name of the host container on the outer engine. */
  container: z.string(),
  ssh: z.object({
    host: z.string(),
    port: z.number(),
    user: z.string(),
    /** The pinned host key, as in known_hosts: "ssh-ed25519 AAAA...". */
    hostKey: z.string(),
  }),
  engineVersion: z.string(),
  cgroupVersion: z.number(),
  capabilities: capabilityRecord,
});
export type HostOutput = z.infer<typeof hostOutput>;

export const networkOutput = z.object({
  name: z.string(),
  driver: z.enum(["bridge", "overlay"]),
  subnet: z.string(),
  /** MTU in bytes. */
  mtu: z.number(),
  encrypted: z.boolean(),
  attachable: z.boolean(),
});
export type NetworkOutput = z.infer<typeof networkOutput>;

export const swarmOutput = z.object({
  clusterId: z.string(),
  managers: z.array(z.string()),
  workers: z.array(z.string()),
  /** How a published port is reached: through the routing mesh, or on the hosts that run a task. */
  ingress: z.enum(["mesh", "host"]),
});
export type SwarmOutput = z.infer<typeof swarmOutput>;

/** A stack's outputs: all that checks and commands may see. */
export const stackOutputs = z.object({
  project: z.string(),
  stack: z.string(),
  lab: z.string(),
  learner: z.string(),
  /** ISO date-time, or undefined for never. */
  expiry: z.string().optional(),
  prefix: z.string(),
  network: networkOutput,
  hosts: z.array(hostOutput),
  registry: z.object({ address: z.string(), source: z.enum(["registry", "bootstrap"]) }),
  /** Set aside for overlay networks, in CIDR: what a Swarm that the learner forms is to cut them from. */
  overlayPool: z.string(),
  swarm: swarmOutput.optional(),
  networks: z.array(networkOutput),
});
export type StackOutputs = z.infer<typeof stackOutputs>;
