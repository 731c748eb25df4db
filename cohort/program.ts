import * as pulumi from "@pulumi/pulumi";
import { LearnerStack } from "../components/resources.ts";
import { cohortOf, seatSettings } from "./cohort.ts";
import { planCohort, refuseUnfit } from "./plan.ts";

/** What a cohort's stack exports. */
export interface CohortOutputs {
  cohort: {
    name: string;
    /** The learners' stacks. */
    stacks: { stack: string; learner: string; lab: string }[];
  };
}

/** Declares a cohort: a stack for each learner and lab. One that fails leaves the others standing. */
export async function cohortProgram(name: string, raw: Record<string, unknown>): Promise<CohortOutputs> {
  const cohort = await cohortOf(name, raw);
  const plan = await planCohort(cohort);
  // Also of a plain `pulumi up`, which nothing else has looked at.
  refuseUnfit(cohort, plan);
  for (const what of plan.unseen) await pulumi.log.warn(`Not looked at: ${what}.`);
  const { seats } = plan;
  for (const seat of seats) new LearnerStack(seat.stack, { stack: seat.stack, settings: seatSettings(cohort, seat) });
  return {
    cohort: { name, stacks: seats.map(({ stack, learner, lab }) => ({ stack, learner: learner.id, lab })) },
  };
}
