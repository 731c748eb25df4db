import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import pMap from "p-map";
import { machineFacts } from "../doctor/gather/machineFacts.ts";
import { engineFacts } from "../doctor/gather/engineFacts.ts";
import { ensureImage } from "../images/image.ts";
import { forecast } from "../stacks/capacity.ts";
import { labelledObjects, runningContainers } from "../stacks/inventory.ts";
import { label } from "../stacks/labels.ts";
import { MachineError } from "../stacks/machineError.ts";
import { onEngine } from "../stacks/onEngine.ts";
import { project } from "../stacks/project.ts";
import { operate } from "../stacks/pulumi.ts";
import { reportEvents } from "../stacks/reportEvents.ts";
import { reported, silentReporter, type Reporter } from "../stacks/reporter.ts";
import { pulumiTarget } from "../stacks/stack.ts";
import { pulumiLogs, stackFiles } from "../stacks/stackFiles.ts";
import { withStackLock } from "../stacks/stackLock.ts";
import { makeState, readState, statePaths } from "../stacks/stateFile.ts";
import { down } from "../stacks/teardown.ts";
import { outerEngine } from "../engine/outer.ts";
import { removeCards } from "./cards.ts";
import { keptPlaces, seatsOf, type Cohort } from "./cohort.ts";
import { forecastCohort, planOfSeat, refuseTooMuch, type CohortForecast } from "./forecast.ts";
import type { Seat } from "./seats.ts";

/** Stacks that are worked on at once: each keeps a core busy. */
export const atOnce = availableParallelism();

/** A learner's stack with what it takes when it is up, alone on its machine. */
export interface PlannedSeat extends Seat {
  hosts: number;
  memoryMib: number;
  diskMib: number;
}

export interface CohortPlan {
  seats: PlannedSeat[];
  forecast: CohortForecast;
}

/** What a cohort's `up` will make, and what that takes beyond what runs. */
export async function planCohort(cohort: Cohort): Promise<CohortPlan> {
  const seats = await seatsOf(cohort);
  const running = await runningContainers(await outerEngine(), { project, cohort: cohort.name });
  const planned = seats.map((seat) => ({ seat, plan: planOfSeat(cohort, seat) }));
  return {
    seats: planned.map(({ seat, plan }) => {
      const { memoryMib, diskMib } = forecast(plan);
      return { ...seat, hosts: plan.hosts.length, memoryMib, diskMib };
    }),
    forecast: forecastCohort(
      planned.map(({ plan }) => plan),
      new Set(running),
    ),
  };
}

export interface CohortUpReport {
  stacks: string[];
  /** Stacks of learners or labs that the cohort has no longer. */
  removed: string[];
}

/**
 * Brings a cohort up: a stack for each learner and lab. What stands whole is left alone; who is not in it any more is taken
 * away.
 * @throws MachineError when it does not fit; PulumiError with each stack that failed. The others stand then.
 */
export function cohortUp(cohort: Cohort, reporter: Reporter): Promise<CohortUpReport> {
  const { name } = cohort;
  return withStackLock({ project, name, what: "drydock cohort up", reporter }, () =>
    onEngine("drydock cohort up", async (engine) => {
      const { seats, forecast: needs } = await planCohort(cohort);
      const wanted = new Set(seats.map(({ stack }) => stack));
      await reported(reporter, "Looking at the machine", async ({ progress }) => {
        const { home } = await engineFacts(engine);
        const machine = await machineFacts(engine, home, async () => (await ensureImage(engine, "host", progress)).tag);
        if ("unseen" in machine) throw new MachineError(`The machine could not be looked at: ${machine.unseen}.`);
        refuseTooMuch(name, needs, machine);
      });
      const gone = [...(await stacksOf(name))].filter((stack) => !wanted.has(stack));
      const removed = await takeAll(gone, reporter);
      if (!(await readState(project, name)).exists) await makeState(project, name);
      const args = ["--refresh", "--continue-on-error", "--parallel", String(atOnce)];
      await operate("up", { ...(await pulumiTarget(name)), args }, reportEvents(reporter));
      return { stacks: [...wanted], removed };
    }),
  );
}

export interface CohortDownReport {
  stacks: string[];
  /** What is still there, a line each; empty when all went well. */
  left: string[];
}

/** Takes a cohort away, by its learners' stacks: with or without state and settings. The grades stay. */
export function cohortDown(name: string, reporter: Reporter): Promise<CohortDownReport> {
  return withStackLock({ project, name, what: "drydock cohort down", discard: true, reporter }, async () => {
    const stacks = [...(await stacksOf(name))];
    const left: string[] = [];
    await takeAll(stacks, reporter, left);
    const files = [...(await statePaths(project, name)), ...(await pulumiLogs(name)), ...stackFiles(name)];
    if (left.length === 0) {
      for (const path of files) await rm(path, { recursive: true, force: true });
      await removeCards(name);
    }
    return { stacks, left };
  });
}

/** The stacks of a cohort: those that have settings in the home, and those that the engine has something of. */
export async function stacksOf(cohort: string): Promise<Set<string>> {
  const objects = await labelledObjects(await outerEngine(), { project, cohort });
  const labelled = objects.flatMap(({ labels }) => labels[label.stack] ?? []);
  return new Set([...(await keptPlaces(cohort)).keys(), ...labelled]);
}

async function takeAll(stacks: readonly string[], reporter: Reporter, left: string[] = []): Promise<string[]> {
  await pMap(
    stacks,
    (stack) =>
      reported(reporter, `Stack ${stack}: removed`, async () => {
        const report = await down(stack, { reporter: silentReporter });
        left.push(...report.left.map(({ kind, name }) => `${kind} ${name}`));
      }),
    { concurrency: atOnce },
  );
  return [...stacks];
}
