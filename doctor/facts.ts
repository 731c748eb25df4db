import type { Capability, Lab } from "../labs/lab.ts";
import type { Plan } from "../stacks/plan.ts";
import type { World } from "../stacks/world.ts";

/** What an engine says of itself. */
export interface EngineFacts {
  version: string;
  operatingSystem: string;
  kernel: string;
  cpus: number;
  storageDriver: string;
  /** Filesystem under the storage driver; empty where the driver has none to tell. */
  backingFilesystem: string;
  /** Whether the backing filesystem tells the type of directory entries, which overlay2 needs. */
  dType: boolean;
  cgroupVersion: number;
  rootless: boolean;
  /** Where its images come from, with the setting `auto`; undefined before set-up has got the base image. */
  imageOrigin: "registry" | "bootstrap" | undefined;
}

/** What was seen of the machine that the engine runs on. */
export interface MachineFacts {
  memoryAvailableMib: number;
  diskFreeMib: number;
  inotifyInstances: number;
  inotifyWatches: number;
  capabilities: Record<Capability, boolean>;
}

/** What could not be seen, and why. */
export interface Unseen {
  unseen: string;
}

/** How a container started: undefined when it did, else what the engine answered. */
export interface StartFacts {
  /** With the capabilities that hosts ask for. */
  explicit: string | undefined;
  /** With --privileged, which hosts do not need. */
  privileged: string | undefined;
}

/** How virtual machines run. */
export interface VmFacts {
  /** "tcg" is emulation. */
  accelerator: "kvm" | "tcg";
  /** Why there is no KVM; empty with it. */
  because: string;
  /** Whether a container can have a tap and a bridge. */
  tap: boolean;
}

/** All that was seen. Judged by probes. */
export interface Facts {
  engine: EngineFacts;
  machine: MachineFacts | Unseen;
  /** Undefined when it was not tried. */
  start: StartFacts | Unseen | undefined;
  /** Undefined when it was not tried. */
  vm: VmFacts | Unseen | undefined;
  world: World;
}

/** What the machine is to carry. */
export interface Wanted {
  plan: Plan;
  lab: Lab;
}

/** What a probe thinks of what was seen. */
export interface Finding {
  /** A few words: "engine", "kernel: ip_vs". */
  about: string;
  /** "problem": the lab cannot be brought up here. "warning": it can, with less. */
  verdict: "ok" | "warning" | "problem";
  /** What was seen. */
  seen: string;
  /** What to do; with all but "ok". */
  fix?: string;
}

/** Judges what was seen: pure. */
export type Probe = (facts: Facts, wanted: Wanted) => Finding[];
