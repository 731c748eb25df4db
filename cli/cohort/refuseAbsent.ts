import { hasSettings } from "../../stacks/stack.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

/** @throws VisibleError when a learner's stack was never brought up. */
export async function refuseAbsent(stack: string, cohort: string): Promise<void> {
  if (await hasSettings(stack)) return;
  throw new VisibleError(`Stack ${stack} is not up.`, { fix: `Run: ./drydock cohort up --stack ${cohort}` });
}
