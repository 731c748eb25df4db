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
  /** Name of the host container on the outer engine, or of the machine. */
  container: z.string(),
  ssh: z.object({
    host: z.string(),
    port: z.number(),
    user: z.string(),
    /** The pinned host key, as in known_hosts: "ssh-ed25519 AAAA...". */
    hostKey: z.string(),
    /** The machine whose loopback `host` and `port` are on, as "ssh://user@host:port"; absent for this machine. */
    via: z.string().optional(),
  }),
  engineVersion: z.string(),
  cgroupVersion: z.number(),
  capabilities: capabilityRecord,
});
export type HostOutput = z.infer<typeof hostOutput>;

export const networkOutput = z.object({
  name: z.string(),
  driver: z.enum(["bridge", "overlay", "vpc", "machines"]),
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

/** A part of a lab that runs on one of its hosts, such as a registry. */
export const componentOutput = z.object({
  /** Its name in the lab, such as "hub". */
  name: z.string(),
  /** What it is, in a learner's words, such as "private registry". */
  kind: z.string(),
  /** Name of the host that it runs on. */
  host: z.string(),
  /** Where the lab's hosts reach it, such as "upstream:5000". */
  address: z.string(),
  /** A shell command on that host that exits with 0 when it works, and else prints why not. */
  probe: z.string(),
  /** What a browser can show of it, by an address that its host reaches; absent where there is nothing to look at. */
  page: z.url().optional(),
});
export type ComponentOutput = z.infer<typeof componentOutput>;

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
  components: z.array(componentOutput),
});
export type StackOutputs = z.infer<typeof stackOutputs>;
