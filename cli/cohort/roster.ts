import { renewCards } from "../../cohort/cards.ts";
import { openCohort, seatsOf } from "../../cohort/cohort.ts";
import { exitCode } from "../exitCode.ts";
import { cardsText } from "./texts.ts";
import type { CohortCall } from "./actions.ts";

/** Writes the cards of learners whose stacks are up; 1 when one is not. */
export async function roster({ options, print }: CohortCall): Promise<number> {
  const cohort = await openCohort(options.stack, new Date(0));
  const { cards, missing } = await renewCards(cohort.name, await seatsOf(cohort, { place: false }));
  print({ cards, missing }, () => cardsText(cards, missing));
  return missing.length === 0 ? exitCode.done : exitCode.found;
}
