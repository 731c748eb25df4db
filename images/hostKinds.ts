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
  /** Memory in MiB that its container has beyond the host's. */
  overheadMib: number;
  /** Seconds that it has to stop. */
  stopTimeoutSec: number;
}

export const hostKinds: Record<HostKind, HostKindSpec> = {
  container: {
    image: "host",
    privileges: hostPrivileges,
    data: "/var/lib/docker",
    overheadMib: 0,
    stopTimeoutSec: 20,
  },
  vm: {
    image: "vm",
    privileges: vmPrivileges,
    data: "/var/lib/drydock/docker",
    // QEMU itself takes about 100, and 256 hold translated code where there is no KVM.
    overheadMib: 512,
    // An emulated guest on a busy machine took 28 s to shut down.
    stopTimeoutSec: 90,
  },
};

/** What the hosts of a plan for an engine are. */
export const hostKindOf = ({ target }: { target: string }): HostKind => (target === "vm" ? "vm" : "container");
