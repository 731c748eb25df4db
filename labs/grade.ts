import type { Check, CheckContext, Verdict } from "./check.ts";

/** A check's verdict, as it is kept and reported. */
export interface Graded {
  id: string;
  step: number;
  title: string;
  verdict: Verdict;
  milliseconds: number;
}

/** How checks are run. */
export interface GradeOptions {
  /** Only the checks of this step; all by default. */
  step?: number;
  /** Longest that one check may take; 60 by default. */
  timeoutSec?: number;
}

/** Runs checks one after the other, in the order of their steps. One that cannot look fails: it never passes. */
export async function grade(
  checks: readonly Check[],
  context: CheckContext,
  { step, timeoutSec = 60 }: GradeOptions = {},
): Promise<Graded[]> {
  const chosen = checks.filter((check) => step === undefined || check.step === step);
  const graded: Graded[] = [];
  for (const check of chosen.toSorted((a, b) => a.step - b.step)) {
    const start = performance.now();
    const verdict = await verdictOf(check, context, timeoutSec);
    const { id, step, title } = check;
    graded.push({ id, step, title, verdict, milliseconds: Math.round(performance.now() - start) });
  }
  return graded;
}

async function verdictOf(check: Check, context: CheckContext, timeoutSec: number): Promise<Verdict> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error(`no verdict within ${timeoutSec} s`)), timeoutSec * 1000);
  try {
    return await Promise.race([check.run(context), deadline.promise]);
  } catch (error) {
    return {
      verdict: "fail",
      evidence: `could not look: ${error instanceof Error ? error.message : String(error)}`,
      hint: "See that all hosts and their engines answer (./drydock status says which do not), then check again.",
    };
  } finally {
    clearTimeout(timer);
  }
}
