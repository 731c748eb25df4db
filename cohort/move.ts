import { rm } from "node:fs/promises";
import { outerEngine } from "../engine/outer.ts";
import { isRemote } from "../engine/remoteMachine.ts";
import { knownNames } from "../labs/suggest.ts";
import { removeAccess } from "../provider/resources/accessFiles.ts";
import { stackFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { project } from "../stacks/project.ts";
import { reported, silentReporter, type Reporter } from "../stacks/reporter.ts";
import { engineOf } from "../stacks/sameEngine.ts";
import { makeOwnSettings } from "../stacks/stack.ts";
import { stackFiles } from "../stacks/stackFiles.ts";
import { withStackLock } from "../stacks/stackLock.ts";
import { readState, statePaths } from "../stacks/stateFile.ts";
import { down } from "../stacks/teardown.ts";
import { closeTunnels } from "../stacks/tunnels.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { keptPlaces, seatSettings, seatsOf, type Cohort } from "./cohort.ts";
import { lookAtEngines, needOf } from "./engines.ts";
import { placeLearners } from "./placement.ts";
import type { Seat } from "./seats.ts";

/**
 * Moves learners to another engine of their cohort: their stacks are taken down where they stand, with all that was done
 * on them, and the next `cohort up` brings them up there.
 * @returns the stacks that moved.
 * @throws VisibleError for who is no learner, or an engine that is none of the cohort's; MachineError when it does not
 * answer or has no room, or something could not be taken down.
 */
export function moveLearners(
  cohort: Cohort,
  ids: readonly string[],
  url: string,
  reporter: Reporter,
): Promise<string[]> {
  const { name } = cohort;
  refuseUnknown(cohort, ids, url);
  return withStackLock({ project, name, what: "drydock cohort move", reporter }, async () => {
    const seats = await seatsOf(cohort, { place: false });
    const moving = seats.filter(({ learner, engine }) => ids.includes(learner.id) && engine !== url);
    const looks = await lookAtEngines(cohort, await keptPlaces(name));
    const silent = looks.flatMap(({ url, problem }) => (problem === undefined ? [] : [{ url, problem }]));
    const rooms = looks.flatMap(({ room }) => (room?.url === url ? room : []));
    const needs = [...Map.groupBy(moving, ({ learner }) => learner.id)].map(([learner, own]) => ({
      learner,
      ...needOf(cohort, own, new Set()),
    }));
    placeLearners(
      needs,
      rooms,
      silent.filter((one) => one.url === url),
    );
    for (const seat of moving) {
      await reported(reporter, `Stack ${seat.stack}: taken down`, () => takeDown(seat, reporter));
      await makeOwnSettings(seat.stack, seatSettings(cohort, { ...seat, engine: url }));
    }
    return moving.map(({ stack }) => stack);
  });
}

function refuseUnknown({ name, config, learners }: Cohort, ids: readonly string[], url: string): void {
  const known = learners.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new VisibleError(`Cohort ${name} has no learner ${unknown.join(", ")}.`, {
      details: unknown.map((id) => knownNames(id, known)),
    });
  }
  if (config.engines?.includes(url)) return;
  throw new VisibleError(`Cohort ${name} has no engine ${url}.`, {
    details: [`drydock:engines in Pulumi.${name}.yaml: ${config.engines?.join(", ") ?? "not set"}`],
    fix: "Name one of these, or add it there first.",
  });
}

/** Takes a stack down. Where its engine does not answer it is given up, and what stands there stays. */
async function takeDown({ stack }: Seat, reporter: Reporter): Promise<void> {
  const url = await engineOf(stack, await readState(project, stack));
  const silence = await outerEngine(url).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (silence === undefined || !isRemote(url)) {
    const { left } = await down(stack, { reporter: silentReporter });
    if (left.length === 0) return;
    throw new MachineError(`Stack ${stack} could not be taken down.`, {
      details: left.map(({ kind, name }) => `${kind} ${name}`),
    });
  }
  reporter.note(`${url} does not answer: what ${stack} has there stays, until \`cohort down\` or \`reap\` finds it.`);
  await closeTunnels(stack);
  await removeAccess(stack, stackFolder(stack));
  for (const path of [...(await statePaths(project, stack)), ...stackFiles(stack)])
    await rm(path, { recursive: true, force: true });
}
