import type { HostConfig } from "dockerode";
import { hostPrivileges } from "./hostPrivileges.ts";
import { vmPrivileges } from "./vmPrivileges.ts";

/** What a host on the learner's engine is: a container, or a virtual machine in one. */
export type HostKind = "container" | "vm";

/** What differs between the containers of the kinds. */
export interface HostKindSpec {
  /** Folder of images/ that it is made from. */
  image: string;
  /** What it is allowed. */
  privileges: HostConfig;
  /** Where its volume is mounted, on which is what its engine keeps. */
  data: string;
  /** Seconds that it has to stop. */
  stopTimeoutSec: number;
}

export const hostKinds: Record<HostKind, HostKindSpec> = {
  container: { image: "host", privileges: hostPrivileges, data: "/var/lib/docker", stopTimeoutSec: 20 },
  // An emulated guest that shuts down takes longer.
  vm: { image: "vm", privileges: vmPrivileges, data: "/var/lib/drydock/docker", stopTimeoutSec: 90 },
};

/** What the hosts of a plan for an engine are. */
export const hostKindOf = ({ target }: { target: string }): HostKind => (target === "vm" ? "vm" : "container");
