import { withLock } from "../../setup/lock.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import { ephemeralStack, runLock, type EphemeralStack } from "./ephemeralStack.ts";
import { labDriver, type LabDriver } from "./labDriver.ts";
import { runPhases, type PhaseResult } from "./runPhases.ts";

/** What came of a lab's own test. */
export interface LabResult {
  lab: string;
  stack: string;
  results: PhaseResult[];
}

export interface VerifyOptions {
  /** How many labs at once. */
  jobs: number;
  reporter: Reporter;
  signal: AbortSignal;
  /** Makes the driver of a stack; the real one by default. */
  driver?: (stack: EphemeralStack) => LabDriver;
}

/** Tests labs, each on a stack of its own that is gone afterwards. */
export async function verifyLabs(slugs: readonly string[], options: VerifyOptions): Promise<LabResult[]> {
  const { jobs, reporter, signal, driver = labDriver } = options;
  const beside: EphemeralStack[] = [];
  const results: LabResult[] = [];
  const queue = slugs.values();
  const worker = async () => {
    for (const lab of queue) {
      if (signal.aborted) return;
      // Its place is chosen when its turn comes: by then others may have taken what was free before.
      const stack = await ephemeralStack(lab, { beside });
      const phases = await withLock(
        runLock(stack.name),
        { what: `verify ${lab}`, deadlineMs: 0, discard: true, onWait: () => undefined },
        () => runPhases(driver(stack), { lab, reporter, signal }),
      );
      results.push({ lab, stack: stack.name, results: phases });
      beside.splice(beside.indexOf(stack), 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, slugs.length) }, worker));
  return results;
}
