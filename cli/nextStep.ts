import type { Graded } from "../labs/grade.ts";
import type { Guide, Step } from "../labs/guide.ts";
import type { Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import { gradeStack } from "./gradeStack.ts";
import { stepOf } from "./guideSteps.ts";

/** A check that is not passed yet: what it saw, and what it advises. */
export interface FailedCheck {
  title: string;
  evidence: string;
  hint: string;
}

/** The first step with a check that fails, and all such checks of it; no step when none fails. */
export async function nextStep(
  stack: Stack,
  guide: Guide,
  reporter: Reporter,
): Promise<{ step: Step | undefined; failed: FailedCheck[] }> {
  const failed = (await gradeStack(stack, { reporter })).flatMap(failedCheck);
  const first = failed[0]?.step;
  if (first === undefined) return { step: undefined, failed: [] };
  return { step: stepOf(guide, first), failed: failed.filter(({ step }) => step === first).map(({ check }) => check) };
}

function failedCheck({ step, title, verdict }: Graded): { step: number; check: FailedCheck }[] {
  if (verdict.verdict !== "fail") return [];
  const { evidence, hint } = verdict;
  return [{ step, check: { title, evidence, hint } }];
}
