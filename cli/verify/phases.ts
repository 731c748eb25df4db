import type { Graded } from "../../labs/grade.ts";
import type { Leftover } from "../../stacks/audit.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { LabDriver } from "./labDriver.ts";

/** A part of a lab's own test. */
export interface Phase {
  name: string;
  /** Runs even when a phase before it failed: it cleans up. */
  always?: true;
  /** Ends soon after its signal, and is waited for: until then it holds the stack, which what cleans up needs. */
  stops?: true;
  /** Answers what came of it in a few words. @throws VisibleError that says what is wrong. */
  run: (driver: LabDriver, reporter: Reporter, signal: AbortSignal) => Promise<string>;
}

/** A lab's own test, from nothing to nothing: once through, in order. */
export function labPhases(): readonly Phase[] {
  /** Checks that failed before the work: those and no others must pass after it. */
  let proven = new Set<string>();
  return [
    {
      name: "up",
      stops: true,
      run: async (driver, reporter, signal) => `${(await driver.up(reporter, signal)).created} created`,
    },
    {
      name: "every check fails before the work",
      async run(driver, reporter) {
        const graded = await driver.grade(reporter);
        proven = new Set(graded.filter(({ verdict }) => verdict.verdict === "fail").map(({ id }) => id));
        const early = graded.filter(({ verdict }) => verdict.verdict === "pass");
        refuse("Checks pass before the work is done: they prove nothing.", early.map(verdictLine));
        if (!graded.some(({ verdict }) => verdict.verdict === "fail"))
          throw new VisibleError("No check applies here, so none can prove anything.", {
            details: graded.map(verdictLine),
          });
        return applicable(graded);
      },
    },
    {
      name: "the guide's solution runs",
      run: async (driver, reporter) => `${await driver.solve(reporter)} blocks`,
    },
    {
      name: "every check passes after the work",
      async run(driver, reporter) {
        const graded = await driver.grade(reporter);
        const failed = graded.filter(({ verdict }) => verdict.verdict === "fail");
        refuse("Checks fail after the guide's solution.", failed.map(verdictLine));
        const dropped = graded.filter(({ id, verdict }) => proven.has(id) && verdict.verdict !== "pass");
        refuse("Checks that failed before the work do not apply after it.", dropped.map(verdictLine));
        return applicable(graded);
      },
    },
    {
      name: "a second up changes nothing",
      stops: true,
      async run(driver, reporter, signal) {
        const { changed, created, updated, deleted } = await driver.up(reporter, signal);
        if (changed) {
          throw new VisibleError("The second up was not a no-op.", {
            details: [`${created} created, ${updated} updated, ${deleted} deleted`],
          });
        }
        return "nothing to do";
      },
    },
    {
      name: "down",
      always: true,
      async run(driver, reporter) {
        refuse("Down left something.", (await driver.down(reporter)).map(leftoverLine));
        return "nothing left";
      },
    },
    {
      name: "the audit finds nothing",
      always: true,
      async run(driver) {
        refuse("The audit found something.", (await driver.audit()).map(leftoverLine));
        return "nothing found";
      },
    },
  ];
}

function refuse(summary: string, details: string[]): void {
  if (details.length > 0) throw new VisibleError(summary, { details });
}

function applicable(graded: readonly Graded[]): string {
  const skipped = graded.filter(({ verdict }) => verdict.verdict === "not-applicable").length;
  return `${graded.length - skipped} checks${skipped > 0 ? `, ${skipped} not applicable` : ""}`;
}

function verdictLine({ step, id, verdict }: Graded): string {
  return `step ${step}, ${id}: ${verdict.verdict === "not-applicable" ? verdict.reason : verdict.evidence}`;
}

const leftoverLine = ({ kind, name, detail, fix }: Leftover) => `${kind} ${name} (${detail}): ${fix}`;
