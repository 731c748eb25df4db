import { expect, test } from "vitest";
import { labPhases } from "../../cli/verify/phases.ts";
import type { LabDriver } from "../../cli/verify/labDriver.ts";
import { fail, notApplicable, pass, type Verdict } from "../../labs/check.ts";
import { silentReporter } from "../../stacks/reporter.ts";

/** A lab whose two checks say one thing before the work and another after it. */
function labOf(before: [Verdict, Verdict], after: [Verdict, Verdict]): LabDriver {
  let worked = false;
  const graded = () =>
    (worked ? after : before).map((verdict, step) => ({ id: `c${step}`, step, title: "", verdict, milliseconds: 0 }));
  return {
    up: () => Promise.resolve({ changed: false, created: 0, updated: 0, deleted: 0 }),
    grade: () => Promise.resolve(graded()),
    solve: () => Promise.resolve(Number((worked = true))),
    down: () => Promise.resolve([]),
    audit: () => Promise.resolve([]),
  };
}

async function verify(driver: LabDriver): Promise<void> {
  for (const { run } of labPhases()) await run(driver, silentReporter, new AbortController().signal);
}

const failing = fail("not done", "do it");

test("a check that failed before the work must pass after it: not to apply any more is not to pass", async () => {
  const dropped = labOf([failing, failing], [pass("done"), notApplicable("no longer looked at")]);
  await expect(verify(dropped)).rejects.toThrow(/do not apply after it[\s\S]*c1/);
});

test("a check that never applied stays out of it", async () => {
  const never = notApplicable("no ESP");
  await verify(labOf([failing, never], [pass("done"), never]));
});
