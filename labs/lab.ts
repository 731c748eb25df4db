import type * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "../components/hosts/labHost.ts";
import type { Plan } from "../stacks/plan.ts";
import type { ComponentOutput, NetworkOutput, SwarmOutput } from "../stacks/outputs.ts";

/** What a host's kernel and engine can do, found by looking. */
export const capabilities = ["vxlan", "ipvs", "esp", "macvlan", "apparmor"] as const;
export type Capability = (typeof capabilities)[number];

/** A host as a lab declares it. */
export interface HostSpec {
  /** Unique in the lab; also the host's hostname. Lower-case letters, digits and dashes. */
  name: string;
  /** What Drydock makes of it; a "host" is left bare for the learner. */
  role: "manager" | "worker" | "host";
  /** Swarm node labels, such as a zone; empty by default. */
  labels?: Record<string, string>;
  /** Memory limit in MiB; by default the stack's `drydock:hosts` setting. */
  memoryMib?: number;
}

/** What a lab's `build` is given. */
export interface LabContext {
  plan: Plan;
  /** The hosts by the names that the lab declared. */
  hosts: Record<string, LabHost>;
  /** The stack's component, the parent of all that the lab makes. */
  parent: pulumi.ComponentResource;
}

/** What a lab's `build` may add to the stack's outputs. */
export interface LabOutputs {
  swarm?: pulumi.Input<SwarmOutput>;
  networks?: pulumi.Input<NetworkOutput>[];
  components?: pulumi.Input<ComponentOutput>[];
}

/** Makes a lab's components on its hosts. */
export type Build = (context: LabContext) => LabOutputs;

/** A lab: its topology and what it needs of a machine. The lesson is `guide.md`, the grading `checks.ts`, beside it. */
export interface Lab {
  /** Number in the catalogue. */
  number: number;
  slug: string;
  title: string;
  /** One sentence: what the learner ends with. */
  summary: string;
  /** Course sections this lab covers, such as "DD L16". */
  covers: string[];
  hosts: HostSpec[];
  /** Folders of images/ whose images the lab's registry serves and its hosts hold. */
  images: string[];
  /** Without these the lab cannot be taught at all; `up` refuses. */
  needs: Capability[];
  /** With these the lab shows more; without, some checks are not applicable. */
  wants: Capability[];
  /**
   * Loads what makes the lab's components on its hosts, which takes Pulumi along: so only the program asks for it.
   * Absent: the hosts come bare.
   */
  build?: () => Promise<Build>;
}
