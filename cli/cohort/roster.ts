import { writeCards } from "../../cohort/cards.ts";
import { openCohort, seatsOf } from "../../cohort/cohort.ts";
import { readState } from "../../stacks/stateFile.ts";
import { project } from "../../stacks/project.ts";
import { exitCode } from "../exitCode.ts";
import { cardsText } from "./texts.ts";
import type { CohortCall } from "./actions.ts";

/** Writes the cards of learners whose stacks are up; 1 when one is not. */
export async function roster({ options, print }: CohortCall): Promise<number> {
  const cohort = await openCohort(options.stack, new Date(0));
  const seats = await seatsOf(cohort, { place: false });
  const states = await Promise.all(seats.map(({ stack }) => readState(project, stack)));
  const isUp = (index: number) => Object.keys(states[index]?.outputs ?? {}).length > 0;
  const missing = seats.filter((_, index) => !isUp(index)).map(({ stack }) => stack);
  const cards = await writeCards(
    cohort.name,
    seats.filter((_, index) => isUp(index)),
  );
  print({ cards, missing }, () => cardsText(cards, missing));
  return missing.length === 0 ? exitCode.done : exitCode.found;
}
