import type { Facts, MachineFacts, Wanted } from "../../doctor/facts.ts";
import { swarmLab, swarmPlan } from "../cli/samples.ts";

/** A machine that has everything. */
export const goodMachine: MachineFacts = {
  memoryAvailableMib: 8_000,
  diskFreeMib: 40_000,
  inotifyInstances: 512,
  inotifyWatches: 524_288,
  capabilities: { vxlan: true, ipvs: true, esp: true, macvlan: true, apparmor: true },
};

export const goodFacts: Facts = {
  engine: {
    version: "26.1.5",
    operatingSystem: "Debian GNU/Linux 13",
    kernel: "6.12.0",
    cpus: 4,
    storageDriver: "overlay2",
    backingFilesystem: "extfs",
    dType: true,
    cgroupVersion: 2,
    rootless: false,
    imageOrigin: "registry",
  },
  machine: goodMachine,
  start: { explicit: undefined, privileged: undefined },
  vm: undefined,
  world: { networks: [], containers: [], volumes: [], contexts: [], listeningPorts: [], routes: [] },
};

/** Five hosts, three managers. */
export const wanted: Wanted = { plan: swarmPlan, lab: swarmLab };
