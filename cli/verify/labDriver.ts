import type { Graded } from "../../labs/grade.ts";
import { audit, type Leftover } from "../../stacks/audit.ts";
import type { UpReport } from "../../stacks/lifecycle.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { down } from "../../stacks/teardown.ts";
import { bringUp } from "../bringUp.ts";
import { gradeStack } from "../gradeStack.ts";
import { solveStack } from "../solveStack.ts";
import type { EphemeralStack } from "./ephemeralStack.ts";

/** What verify does with a lab. Tests hand in drivers that break one of these. */
export interface LabDriver {
  /** Ends, and lets go of the stack, when the signal says so. */
  up: (
    reporter: Reporter,
    signal: AbortSignal,
  ) => Promise<Pick<UpReport, "changed" | "created" | "updated" | "deleted">>;
  grade: (reporter: Reporter) => Promise<Graded[]>;
  /** Answers the number of blocks that were run. */
  solve: (reporter: Reporter) => Promise<number>;
  /** Answers what is left. */
  down: (reporter: Reporter) => Promise<Leftover[]>;
  audit: () => Promise<Leftover[]>;
}

/** Drives the real lab, on a stack that exists for this alone. */
export function labDriver({ name, settings }: EphemeralStack): LabDriver {
  return {
    async up(reporter, signal) {
      await makeOwnSettings(name, settings);
      const { report } = await bringUp(await openStack(name), reporter, { signal });
      return report;
    },
    grade: async (reporter) => gradeStack(await openStack(name), { reporter }),
    solve: async (reporter) => (await solveStack(await openStack(name), { reporter })).length,
    down: async (reporter) => (await down(name, { reporter })).left,
    audit: () => audit(name),
  };
}
