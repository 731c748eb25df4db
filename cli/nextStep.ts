import type { Guide, Step } from "../labs/guide.ts";
import type { Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import { gradeStack } from "./gradeStack.ts";
import { stepOf } from "./guideSteps.ts";

/** The first step with a check that fails, and the hints of such checks; no step when all pass. */
export async function nextStep(
  stack: Stack,
  guide: Guide,
  reporter: Reporter,
): Promise<{ step: Step | undefined; failed: string[] }> {
  const graded = await gradeStack(stack, { reporter });
  const first = graded.find(({ verdict }) => verdict.verdict === "fail")?.step;
  if (first === undefined) return { step: undefined, failed: [] };
  const failed = graded
    .filter(({ step }) => step === first)
    .flatMap(({ verdict }) => (verdict.verdict === "fail" ? [verdict.hint] : []));
  return { step: stepOf(guide, first), failed };
}
