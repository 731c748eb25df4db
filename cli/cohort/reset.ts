import { existsSync } from "node:fs";
import pMap from "p-map";
import { cardsFolder, renewCards } from "../../cohort/cards.ts";
import { openCohort, seatsOf } from "../../cohort/cohort.ts";
import { answeringEngine } from "../../cohort/engines.ts";
import { atOnce } from "../../cohort/pulumiOptions.ts";
import type { Seat } from "../../cohort/seats.ts";
import { loadLab } from "../../labs/index.ts";
import { knownNames } from "../../labs/suggest.ts";
import { setup } from "../../setup/index.ts";
import { reported, silentReporter } from "../../stacks/reporter.ts";
import { openStack } from "../../stacks/stack.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import { bringUp } from "../bringUp.ts";
import { exitCode } from "../exitCode.ts";
import { stepOf } from "../guideSteps.ts";
import { solveStack } from "../solveStack.ts";
import type { CohortCall } from "./actions.ts";
import { refuseAbsent } from "./refuseAbsent.ts";

/** Rebuilds the hosts of the learners that are named, and does the steps up to one again. One that fails leaves the others. */
export async function reset({ options, reporter, print }: CohortCall): Promise<number> {
  const { stack, to, learner = [] } = options;
  const cohort = await openCohort(stack);
  const all = await seatsOf(cohort, { place: false });
  const seats = chosen(all, learner, stack);
  // Before any host is made anew, and what was done on it is lost.
  if (to !== undefined) for (const lab of cohort.config.labs) stepOf(await loadLab(lab).guide(), to);
  const { images: imageSource, target } = cohort.config;
  await setup({ install: true, imageSource, target, engineUrl: await answeringEngine(cohort), reporter });
  const failed: { stack: string; reason: string }[] = [];
  await pMap(
    seats,
    async (seat) => {
      await reported(reporter, `Stack ${seat.stack}: hosts made anew`, () => resetOne(seat, cohort.name, to)).catch(
        (error: unknown) =>
          failed.push({ stack: seat.stack, reason: error instanceof Error ? error.message : String(error) }),
      );
    },
    { concurrency: atOnce },
  );
  const done = seats.map((seat) => seat.stack).filter((name) => failed.every((one) => one.stack !== name));
  if (existsSync(cardsFolder(stack))) {
    await renewCards(stack, all);
    reporter.note(`The hosts have new keys: the cards in ${cardsFolder(stack)} are written anew; hand them out again.`);
  }
  const state = to === undefined ? "at the beginning" : `as after step ${to}`;
  print(
    { reset: done, failed },
    () =>
      `${done.length} of ${seats.length} stacks are ${state}.\n${failed.map((one) => `${one.stack}: ${one.reason}\n`).join("")}`,
  );
  return failed.length === 0 ? exitCode.done : exitCode.found;
}

async function resetOne({ stack }: Seat, cohort: string, to: number | undefined): Promise<void> {
  await refuseAbsent(stack, cohort);
  const opened = await openStack(stack);
  await bringUp(opened, silentReporter, { anew: true });
  if (to !== undefined) await solveStack(opened, { to, reporter: silentReporter });
}

function chosen(seats: readonly Seat[], learners: readonly string[], cohort: string): Seat[] {
  const known = [...new Set(seats.map(({ learner }) => learner.id))];
  const unknown = learners.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new VisibleError(`--learner: there is no learner "${unknown}" in cohort ${cohort}.`, {
      details: [knownNames(unknown, known)],
      fix: `\`./drydock cohort status --stack ${cohort}\` shows them.`,
    });
  }
  return seats.filter(({ learner }) => learners.length === 0 || learners.includes(learner.id));
}
