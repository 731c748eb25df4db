import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import pMap from "p-map";
import { ensureImage } from "../images/image.ts";
import { label } from "../stacks/labels.ts";
import { onEngine } from "../stacks/onEngine.ts";
import { project } from "../stacks/project.ts";
import { operate } from "../stacks/pulumi.ts";
import { reportEvents } from "../stacks/reportEvents.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Site } from "../stacks/site.ts";
import { PulumiError } from "../stacks/pulumiError.ts";
import { makeOwnSettings, pulumiTarget } from "../stacks/stack.ts";
import { pulumiLogs, stackFiles } from "../stacks/stackFiles.ts";
import { withStackLock } from "../stacks/stackLock.ts";
import { makeState, readState, statePaths } from "../stacks/stateFile.ts";
import { downOn } from "../stacks/teardown.ts";
import { isOnEngine } from "../stacks/target.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { cardsFolder, keepCards, removeCards, renewCards } from "./cards.ts";
import { keptPlaces, seatSettings, type Cohort } from "./cohort.ts";
import { objectsOf } from "./engines.ts";
import { planCohort, refuseUnfit, refuseUnseen } from "./plan.ts";
import { atOnce, pulumiOptions } from "./pulumiOptions.ts";
import type { Seat } from "./seats.ts";

export interface CohortUpReport {
  stacks: string[];
  /** Stacks of learners or labs that the cohort has no longer. */
  removed: string[];
}

/**
 * Brings a cohort up: a stack for each learner and lab. What stands whole is left alone; who is not in it any more is taken
 * away.
 * @throws MachineError when it does not fit, VisibleError when it is over its budget: nothing was made then. PulumiError
 * with each stack that failed: the others stand then.
 */
export function cohortUp(cohort: Cohort, reporter: Reporter): Promise<CohortUpReport> {
  const { name, config } = cohort;
  return withStackLock({ project, name, what: "drydock cohort up", reporter }, async () => {
    const plan = await reported(reporter, "Looking at what there is", ({ progress }) =>
      planCohort(cohort, async (engine) => (await ensureImage(engine, "host", progress)).tag),
    );
    refuseUnfit(cohort, plan);
    refuseUnseen(cohort, plan);
    for (const engine of plan.engines ?? [])
      if ("problem" in engine)
        reporter.note(`Nobody new is placed on ${engine.url}, which could not be asked: ${engine.problem}`);
    const { seats } = plan;
    if (config.engines !== undefined) await keepPlaces(cohort, seats);
    if (config.engines !== undefined || !isOnEngine(config.target)) return bringUp(cohort, seats, reporter);
    return onEngine("drydock cohort up", outerEngineUrl(), () => bringUp(cohort, seats, reporter));
  });
}

/** Writes down where learners were placed, so that Pulumi's program and later commands find them there. */
async function keepPlaces(cohort: Cohort, seats: readonly Seat[]): Promise<void> {
  for (const seat of seats) await makeOwnSettings(seat.stack, seatSettings(cohort, seat));
}

async function bringUp(
  { name, learners }: Cohort,
  seats: readonly Seat[],
  reporter: Reporter,
): Promise<CohortUpReport> {
  const wanted = new Set(seats.map(({ stack }) => stack));
  const { stacks } = await standingOf(name);
  const gone = stacks.filter(({ stack }) => !wanted.has(stack));
  for (const line of await takeAll(gone, reporter)) reporter.note(`Still there: ${line}`);
  await keepCards(
    name,
    learners.map(({ id }) => id),
  );
  if (!(await readState(project, name)).exists) await makeState(project, name);
  const options = Object.entries({ ...pulumiOptions, parallel: String(atOnce) });
  const args = options.map(([option, value]) => `--${option}=${value}`);
  const takesAway = `./drydock cohort down --stack ${name}`;
  await operate("up", { ...(await pulumiTarget(name)), args, takesAway }, reportEvents(reporter));
  // Who was moved, or whose hosts were made anew, is reached by other ways.
  if (existsSync(cardsFolder(name))) await renewCards(name, seats);
  return { stacks: [...wanted], removed: gone.map(({ stack }) => stack) };
}

export interface CohortDownReport {
  stacks: string[];
  /** The cohort's own files that were removed: its state, logs and settings in the home. */
  files: string[];
  /** What is still there, a line each; empty when all went well. */
  left: string[];
}

/**
 * Takes a cohort away, by its learners' stacks: with or without state and settings. The grades stay. What is on an engine
 * that does not answer keeps nothing else from going.
 */
export function cohortDown(name: string, reporter: Reporter): Promise<CohortDownReport> {
  return withStackLock({ project, name, what: "drydock cohort down", discard: true, reporter }, async () => {
    const { stacks, silent } = await standingOf(name);
    const left = [...silent, ...(await takeAll(stacks, reporter))];
    const paths = [...(await statePaths(project, name)), ...(await pulumiLogs(name)), ...stackFiles(name)];
    const files = paths.filter((path) => existsSync(path));
    if (left.length === 0) {
      for (const path of files) await rm(path, { recursive: true, force: true });
      await removeCards(name);
    }
    return { stacks: stacks.map(({ stack }) => stack), files: left.length === 0 ? files : [], left };
  });
}

/** A stack of a cohort, and where there is something of it; nowhere where there are only settings. */
interface Standing {
  stack: string;
  sites: Site[];
}

/** The stacks of a cohort: those that have settings in the home, and those that there is something of. */
async function standingOf(cohort: string): Promise<{ stacks: Standing[]; silent: string[] }> {
  const kept = await keptPlaces(cohort);
  const { objects, silent } = await objectsOf(cohort, kept);
  const labelled = Map.groupBy(objects, ({ labels }) => labels[label.stack] ?? "");
  const names = [...new Set([...kept.keys(), ...labelled.keys()])];
  const sitesWith = (stack: string) => [...new Set(labelled.get(stack)?.map(({ site }) => site))];
  return { stacks: names.map((stack) => ({ stack, sites: sitesWith(stack) })), silent };
}

/** Names of the stacks of a cohort: those that have settings in the home, and those that an engine has something of. */
export const stacksOf = async (cohort: string): Promise<Set<string>> =>
  new Set((await standingOf(cohort)).stacks.map(({ stack }) => stack));

/** Takes stacks away. One that cannot be keeps no other from going. @returns what is still there, a line each. */
async function takeAll(stacks: readonly Standing[], reporter: Reporter): Promise<string[]> {
  const left = await pMap(stacks, (standing) => takeOne(standing, reporter), { concurrency: atOnce });
  return left.flat();
}

async function takeOne({ stack, sites }: Standing, reporter: Reporter): Promise<string[]> {
  try {
    return await reported(reporter, `Stack ${stack}: removed`, () => downOn(stack, sites));
  } catch (error) {
    if (error instanceof PulumiError && error.interrupted) throw error;
    return [`stack ${stack}: ${error instanceof Error ? error.message : String(error)}`];
  }
}
