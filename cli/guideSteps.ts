import type { Guide, Step } from "../labs/guide.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/** The guide's step of that number; an unknown one is answered by those there are. */
export function stepOf(guide: Guide, number: string | number): Step {
  const step = guide.steps.find((known) => String(known.number) === String(number));
  if (step) return step;
  throw new VisibleError(`There is no step "${number}".`, {
    details: guide.steps.map((known) => `step ${known.number}: ${known.title}`),
  });
}
