import { hostKinds } from "../images/hostKinds.ts";
import { setFix } from "./configProblems.ts";
import { label } from "./labels.ts";
import type { HostPlan, Plan } from "./plan.ts";

/** A line of a forecast. */
export interface ForecastItem {
  what: string;
  count: number;
  /** Of one, in MiB. */
  memoryMib: number;
  /** Of one, in MiB. */
  diskMib: number;
  /** How the figures are known. */
  source: string;
}

/** What a stack takes when it is up. */
export interface Forecast {
  items: ForecastItem[];
  memoryMib: number;
  diskMib: number;
  /** On the machine's engine, as are the next two. */
  networks: number;
  containers: number;
  volumes: number;
  pulls: Pulls;
}

/** Images that are pulled from outside, where a registry can be reached. */
export interface Pulls {
  /** With the lab's mirror: once for the machine, however many stacks it has. */
  withMirror: number;
  /** Without it: every host its own. */
  withoutMirror: number;
}

/** What the machine has left, or its engine where that is in a virtual machine of its own. */
export interface Machine {
  memoryAvailableMib: number;
  /** Where the engine keeps its images and volumes. */
  diskFreeMib: number;
  /** Cores that the engine sees. */
  cpus: number;
}

/** Something that there is too little of. */
export interface CapacityProblem {
  /** E.g. "memory", or "memory limit of manager-1". */
  what: string;
  unit: "MiB" | "cores";
  needed: number;
  available: number;
  /** A sentence: what to do. */
  fix: string;
}

/** Memory of a host at rest, in MiB. */
const atRest = { host: 33, worker: 50, manager: 145 } as const;

/** Disk in MiB of a virtual machine that has booted. */
const vmDiskMib = 64;

/** Least memory of a virtual machine in MiB: with less its engine does not start. */
const smallestVmMib = 512;

/** Containers of a stack that are there already: what runs has its memory, and what was made its disk. */
export interface Standing {
  running: ReadonlySet<string>;
  made: ReadonlySet<string>;
}

/** What all stacks of a machine have once, among a forecast's items. */
export const sharedItem = "images and layers, shared by all stacks";

const nothing: ReadonlySet<string> = new Set();

const measured = "measured at rest on Debian 12, Docker 20.10";

/**
 * Forecasts what a plan takes, the learner's work included.
 * @param there Containers that have taken their share already, and with the first of them what all hosts share.
 */
export function forecast(plan: Plan, there = nothing): Forecast {
  const hosts = plan.hosts.filter(({ container }) => !there.has(container));
  const shared = there.size === 0 ? 1 : 0;
  const items: ForecastItem[] = [
    ...(plan.target === "vm" ? virtualMachines(hosts) : containers(hosts)),
    { what: "registry", count: shared, memoryMib: 30, diskMib: 1, source: measured },
    {
      what: sharedItem,
      count: shared,
      memoryMib: 0,
      diskMib: plan.target === "vm" ? 2048 : 1024,
      source:
        "measured: 834 MiB of images and 130 MiB of layers, for virtual machines 950 MiB and as many layers more, rounded up",
    },
    {
      what: "the learner's work in a host",
      count: hosts.length,
      // A virtual machine has its memory from the start.
      memoryMib: plan.target === "vm" ? 0 : 128,
      diskMib: 256,
      source: "an allowance",
    },
  ].filter(({ count }) => count > 0);
  return {
    items,
    memoryMib: items.reduce((sum, { count, memoryMib }) => sum + count * memoryMib, 0),
    diskMib: items.reduce((sum, { count, diskMib }) => sum + count * diskMib, 0),
    networks: 1,
    containers: plan.hosts.length + 1,
    volumes: plan.hosts.length,
    pulls: pullsOf([plan]),
  };
}

/** What plans pull together; what is bootstrapped is not pulled. */
export function pullsOf(plans: readonly Pick<Plan, "images" | "imageSource" | "hosts">[]): Pulls {
  const pulling = plans.filter(({ imageSource }) => imageSource !== "bootstrap");
  return {
    withMirror: new Set(pulling.flatMap(({ images }) => images)).size,
    withoutMirror: pulling.reduce((sum, { images, hosts }) => sum + images.length * hosts.length, 0),
  };
}

function containers(hosts: readonly HostPlan[]): ForecastItem[] {
  const withRole = (role: keyof typeof atRest) => hosts.filter((host) => host.role === role).length;
  return [
    { what: "manager", count: withRole("manager"), memoryMib: atRest.manager, diskMib: 1, source: measured },
    { what: "worker", count: withRole("worker"), memoryMib: atRest.worker, diskMib: 1, source: measured },
    { what: "bare host", count: withRole("host"), memoryMib: atRest.host, diskMib: 1, source: measured },
  ];
}

function virtualMachines(hosts: readonly HostPlan[]): ForecastItem[] {
  return hosts.map(({ name, memoryMib }) => ({
    what: `virtual machine ${name}`,
    count: 1,
    memoryMib: memoryMib + hostKinds.vm.overheadMib,
    diskMib: vmDiskMib,
    source:
      "the guest's memory, and the most that QEMU takes beside it; disk measured after the first boot, rounded up",
  }));
}

/** Compares what a plan takes beyond what stands of it with what the machine has; empty when it fits. */
export function checkCapacity(plan: Plan, machine: Machine, standing?: Standing): CapacityProblem[] {
  const { memoryMib } = forecast(plan, standing?.running);
  const { diskMib } = forecast(plan, standing?.made);
  const cpus = Math.max(0, ...plan.hosts.map((host) => host.cpus));
  // A learner's stack has its settings from its cohort's file.
  const file = plan.labels[label.cohort] ?? plan.stack;
  const problems: CapacityProblem[] = [
    {
      what: "memory",
      unit: "MiB",
      needed: memoryMib,
      available: machine.memoryAvailableMib,
      fix: "Stop what you do not need, bring another stack down, or give the engine's virtual machine more memory.",
    },
    {
      what: "disk",
      unit: "MiB",
      needed: diskMib,
      available: machine.diskFreeMib,
      fix: "Free space where the engine keeps its data: docker system df shows what takes it.",
    },
    {
      what: "cores",
      unit: "cores",
      needed: cpus,
      available: machine.cpus,
      fix: setFix("hosts.cpus", machine.cpus, file),
    },
    ...plan.hosts.map((host): CapacityProblem => ({
      what: `memory limit of ${host.name}`,
      unit: "MiB",
      needed: plan.target === "vm" ? smallestVmMib : atRest[host.role],
      available: host.memoryMib,
      fix: setFix("hosts.memoryMib", 1024, file),
    })),
  ];
  return problems.filter(({ needed, available }) => needed > available);
}
