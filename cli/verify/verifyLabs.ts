import type { Reporter } from "../../stacks/reporter.ts";
import { ephemeralStacks, type EphemeralStack } from "./ephemeralStacks.ts";
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
  const stacks = await ephemeralStacks(slugs);
  const results: LabResult[] = [];
  const queue = stacks.values();
  const worker = async () => {
    for (const stack of queue) {
      if (signal.aborted) return;
      const { lab, name } = stack;
      results.push({ lab, stack: name, results: await runPhases(driver(stack), { lab, reporter, signal }) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(jobs, stacks.length) }, worker));
  return results;
}
