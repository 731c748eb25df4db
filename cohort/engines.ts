import type Docker from "dockerode";
import { lookAtWorld } from "../doctor/gather/world.ts";
import { outerEngine } from "../engine/outer.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { isRemote, runOn } from "../engine/remoteMachine.ts";
import { forecast, sharedItem } from "../stacks/capacity.ts";
import { engineSite } from "../stacks/engineSite.ts";
import { runningContainers } from "../stacks/inventory.ts";
import { MachineError } from "../stacks/machineError.ts";
import { project } from "../stacks/project.ts";
import { configuredEngines } from "../stacks/sameEngine.ts";
import { allSites, objectsOn, sitesElsewhere, sitesOf, type Placed } from "../stacks/sites.ts";
import { readState } from "../stacks/stateFile.ts";
import { isOnEngine } from "../stacks/target.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import type { World } from "../stacks/world.ts";
import type { Cohort } from "./cohort.ts";
import { planOfSeat } from "./forecast.ts";
import { placeLearners, type Need, type Room } from "./placement.ts";
import type { Place, Seat } from "./seats.ts";

/** What was seen of an engine of a cohort. */
export interface EngineLook {
  url: string;
  /** Why it could not be asked; then the rest is absent. */
  problem?: string;
  world?: World;
  /** Names of the cohort's containers that run there. */
  running?: ReadonlySet<string>;
  /** Absent for an engine that learners are not placed on. */
  room?: Room;
}

/**
 * URLs of the engines that stacks of a cohort stand on or may be placed on: the local one alone where it names none, and
 * none where its hosts are on no engine.
 */
export function enginesOf({ config }: Pick<Cohort, "config">, kept: ReadonlyMap<string, Place>): string[] {
  if (!isOnEngine(config.target)) return [];
  const standing = [...kept.values()].map(({ engine }) => engine ?? outerEngineUrl());
  return [...new Set([...(config.engines ?? [outerEngineUrl()]), ...standing])];
}

/**
 * Looks at a cohort's engines, all at once. One on another machine that cannot be asked says why.
 * @throws MachineError when the local engine is one of them and does not answer.
 */
export function lookAtEngines(cohort: Cohort, kept: ReadonlyMap<string, Place>): Promise<EngineLook[]> {
  return Promise.all(
    enginesOf(cohort, kept).map(async (url) => {
      try {
        const engine = await outerEngine(url);
        const [world, running, room] = await Promise.all([
          lookAtWorld(engine, url),
          runningContainers(engine, { project, cohort: cohort.name }),
          cohort.config.engines?.includes(url) ? roomOf(engine, url) : undefined,
        ]);
        return { url, world, running: new Set(running), ...(room && { room }) };
      } catch (error) {
        if (!isRemote(url)) throw error;
        return { url, problem: reasonOf(error) };
      }
    }),
  );
}

/**
 * The first of a cohort's engines on other machines that answers; undefined where it names none.
 * @throws MachineError when none does.
 */
export async function answeringEngine({ name, config }: Cohort): Promise<string | undefined> {
  if (config.engines === undefined) return undefined;
  const silent: string[] = [];
  for (const url of config.engines) {
    try {
      await outerEngine(url);
      return url;
    } catch (error) {
      silent.push(`${url}: ${reasonOf(error)}`);
    }
  }
  throw new MachineError(`No engine of cohort ${name} answers.`, {
    details: silent,
    fix: "See that `ssh` reaches one of them, and `docker version` works there; docs/remote-engines.md tells what a machine needs.",
  });
}

/** What an engine's machine has left. */
async function roomOf(engine: Docker, url: string): Promise<Room> {
  const { NCPU: cpus, DockerRootDir: data } = (await engine.info()) as { NCPU: number; DockerRootDir: string };
  const command = `awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo; df -P -k '${data}' | awk 'NR == 2 { print int($4 / 1024) }'`;
  const { stdout } = await runOn(url, command);
  const [memoryMib = Number.NaN, diskMib = Number.NaN] = stdout.trim().split("\n").map(Number);
  if (Number.isNaN(memoryMib + diskMib)) {
    throw new MachineError(`What the machine of ${url} has left cannot be told`, {
      details: [`its /proc/meminfo and df answered: ${stdout.trim()}`],
      fix: "see that it is a Linux machine",
    });
  }
  return { url, memoryMib, diskMib, cpus };
}

/** Gives each learner's seats the engine that the learner is placed on; those that stand somewhere stay there. */
export function placeSeats(
  cohort: Cohort,
  seats: readonly Seat[],
  {
    kept,
    looks,
    running,
  }: { kept: ReadonlyMap<string, Place>; looks: readonly EngineLook[]; running: ReadonlySet<string> },
): Seat[] {
  const needs = [...Map.groupBy(seats, ({ learner }) => learner.id)].map(([learner, own]): Need => {
    const first = own.find(({ stack }) => kept.has(stack));
    return { learner, ...needOf(cohort, own, running), ...(first && { kept: { engine: first.engine } }) };
  });
  const rooms = looks.flatMap(({ room }) => room ?? []);
  const silent = looks.flatMap(({ url, problem }) => (problem === undefined ? [] : [{ url, problem }]));
  const placed = placeLearners(needs, rooms, silent);
  return seats.map((seat) => {
    const engine = kept.has(seat.stack) ? seat.engine : placed.get(seat.learner.id);
    return engine === undefined ? seat : { ...seat, engine };
  });
}

/** What a learner's seats take beyond what runs of them; images apart, which all stacks of an engine share. */
export function needOf(
  cohort: Cohort,
  seats: readonly Seat[],
  running: ReadonlySet<string>,
): Pick<Need, "memoryMib" | "diskMib"> {
  const items = seats.flatMap((seat) => {
    const plan = planOfSeat(cohort, seat);
    const there = plan.hosts.map(({ container }) => container).filter((container) => running.has(container));
    return forecast(plan, new Set(there)).items.filter(({ what }) => what !== sharedItem);
  });
  return {
    memoryMib: items.reduce((sum, { count, memoryMib }) => sum + count * memoryMib, 0),
    diskMib: items.reduce((sum, { count, diskMib }) => sum + count * diskMib, 0),
  };
}

/** What there is of a cohort wherever it may have something: where its settings and those of its stacks put it, and here. */
export async function objectsOf(
  cohort: string,
  kept: ReadonlyMap<string, Place>,
): Promise<{ objects: Placed[]; silent: string[] }> {
  const named = [...(await configuredEngines(cohort)), ...[...kept.values()].flatMap(({ engine }) => engine ?? [])];
  const state = await stateOf(cohort);
  const own = [
    // With learners' stacks in its state, one whose own settings and state are lost may be on any of its machines.
    ...(await sitesOf(cohort, state?.ids.size === 0 ? state : undefined)),
    ...(await Promise.all([...kept.keys()].map(async (stack) => sitesElsewhere(stack, await stateOf(stack))))).flat(),
    ...named.map(engineSite),
  ];
  const everywhere = await allSites().catch((error: unknown) => {
    // No engine is needed here by a class that is elsewhere.
    if (error instanceof MachineError && own.length > 0) return [];
    throw error;
  });
  const sites = new Map([...everywhere, ...own].map((site) => [site.name, site]));
  const { objects, silent } = await objectsOn([...sites.values()], { project, cohort });
  // Others that do not answer are other stacks' affair.
  const asked = new Set(own.map(({ name }) => name));
  const missed = silent.filter(({ site }) => asked.has(site.name));
  return { objects, silent: missed.map(({ site, error }) => `${site.name}: ${reasonOf(error)}`) };
}

const stateOf = (stack: string) => readState(project, stack).catch(() => undefined);

/** Why an engine cannot be asked, in a line. */
function reasonOf(error: unknown): string {
  if (error instanceof VisibleError) return error.details[0] ?? error.summary;
  return error instanceof Error ? error.message : String(error);
}
