import type { Graded } from "../labs/grade.ts";
import { grade } from "../labs/grade.ts";
import { loadLab } from "../labs/index.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { hostsOfLab } from "./hostsOfLab.ts";

/** Runs the checks of a stack's lab, all or those of one step. @throws VisibleError for a step that has none, or hosts of another lab. */
export async function gradeStack(
  stack: Stack,
  { step, reporter }: { step?: number; reporter: Reporter },
): Promise<Graded[]> {
  const checks = await loadLab(stack.lab.slug).checks();
  const steps = [...new Set(checks.map((check) => check.step))].sort((a, b) => a - b);
  if (step !== undefined && !steps.includes(step)) {
    throw new VisibleError(`Lab ${stack.lab.slug} checks nothing in step ${step}.`, {
      details: [`steps with checks: ${steps.join(", ")}`],
    });
  }
  const hosts = await hostsOfLab(stack);
  return reported(reporter, `Checks of ${stack.lab.slug}`, () =>
    hosts.grade((context) => grade(checks, context, { step })),
  );
}
