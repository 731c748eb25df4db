import { labs, loadLab } from "../labs/index.ts";
import { checkCapacity, forecast, pullsOf, sharedItem, type Machine, type Pulls } from "../stacks/capacity.ts";
import { parseConfig } from "../stacks/config.ts";
import { homeLabel } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { planStack, type Plan } from "../stacks/plan.ts";
import { project } from "../stacks/project.ts";
import { seatSettings, type Cohort } from "./cohort.ts";
import type { Seat } from "./seats.ts";

/** What the learners' stacks take together, in MiB, those apart that run already. */
export interface CohortForecast {
  memoryMib: number;
  diskMib: number;
  hosts: number;
  containers: number;
  networks: number;
  pulls: Pulls;
}

/** The plan of a learner's stack. */
export function planOfSeat(cohort: Cohort, seat: Seat): Plan {
  const settings = Object.entries(seatSettings(cohort, seat)).map(([key, value]) => [`drydock:${key}`, value]);
  const context = { stack: seat.stack, labs: Object.keys(labs), now: new Date(0) };
  const config = parseConfig(Object.fromEntries(settings) as Record<string, unknown>, context);
  const { lab } = loadLab(seat.lab);
  return planStack({ project, stack: seat.stack, config, lab, home: homeLabel() });
}

/** @param running Names of containers that run: they have taken their share already. */
export function forecastCohort(plans: readonly Plan[], running: ReadonlySet<string>): CohortForecast {
  const items = plans.flatMap((plan) => {
    const hosts = plan.hosts.map(({ container }) => container);
    return forecast(plan, new Set(hosts.filter((container) => running.has(container)))).items;
  });
  const shared = items.find(({ what }) => what === sharedItem);
  const counted = [...items.filter(({ what }) => what !== sharedItem), ...(shared ? [shared] : [])];
  const sum = (of: "memoryMib" | "diskMib") => counted.reduce((total, item) => total + item.count * item[of], 0);
  return {
    memoryMib: sum("memoryMib"),
    diskMib: sum("diskMib"),
    hosts: plans.reduce((total, plan) => total + plan.hosts.length, 0),
    containers: plans.reduce((total, plan) => total + plan.hosts.length + 1, 0),
    networks: plans.length,
    pulls: pullsOf(plans),
  };
}

/** What a machine has too little of for a cohort, a line each. */
export function lackingFor(plans: readonly Plan[], needs: CohortForecast, machine: Machine): string[] {
  const enough = { memoryAvailableMib: Infinity, diskFreeMib: Infinity, cpus: machine.cpus };
  const ofHosts = plans
    .flatMap((plan) => checkCapacity(plan, enough))
    .map(({ what, unit, needed, available, fix }) => `${what}: ${needed} ${unit} needed, ${available} there. ${fix}`);
  const ofAll = [
    { what: "memory", needed: needs.memoryMib, available: machine.memoryAvailableMib },
    { what: "disk", needed: needs.diskMib, available: machine.diskFreeMib },
  ].filter(({ needed, available }) => needed > available);
  return [
    ...ofAll.map(({ what, needed, available }) => `${what}: about ${needed} MiB needed, ${available} MiB there`),
    ...new Set(ofHosts),
  ];
}

/** @throws MachineError when the machine lacks something; nothing was made then. */
export function refuseLacking(cohort: string, lacking: readonly string[]): void {
  if (lacking.length === 0) return;
  throw new MachineError(`Cohort ${cohort} does not fit on this machine; nothing was made.`, {
    details: [...lacking],
    fix: "Take stacks away that you do not need, have fewer learners or labs at a time, or take a bigger machine.",
  });
}
