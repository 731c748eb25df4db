import type { Reporter, ReportedStep } from "../../stacks/reporter.ts";
import type { LabDriver } from "./labDriver.ts";
import { labPhases } from "./phases.ts";

/** What came of a phase. */
export interface PhaseResult {
  phase: string;
  verdict: "passed" | "failed" | "skipped";
  seconds: number;
  /** What came of it, what is wrong, or why it was skipped. */
  text: string;
}

export interface RunOptions {
  /** Names the lab in the progress. */
  lab: string;
  reporter: Reporter;
  /** Ends the work early; what cleans up runs all the same. */
  signal: AbortSignal;
  /** Longest that a phase may take; 1200 by default. */
  timeoutSec?: number;
}

/** Runs a lab's own test. After a failure only the phases that clean up still run. */
export async function runPhases(driver: LabDriver, options: RunOptions): Promise<PhaseResult[]> {
  const { lab, reporter, signal, timeoutSec = 1200 } = options;
  const results: PhaseResult[] = [];
  for (const { name, always, run } of labPhases()) {
    const failed = results.find(({ verdict }) => verdict === "failed");
    if ((failed ?? signal.aborted) && !always) {
      const text = failed ? `after the failure of "${failed.phase}"` : "interrupted";
      results.push({ phase: name, verdict: "skipped", seconds: 0, text });
      continue;
    }
    const step = reporter.step(`${lab}: ${name}`);
    const start = performance.now();
    const signals = [AbortSignal.timeout(timeoutSec * 1000), ...(always ? [] : [signal])];
    const outcome = await settle(() => run(driver, within(step)), AbortSignal.any(signals), timeoutSec);
    if (outcome.verdict === "passed") step.done(outcome.text);
    else step.fail(outcome.text.split("\n")[0] ?? "");
    results.push({ phase: name, seconds: (performance.now() - start) / 1000, ...outcome });
  }
  return results;
}

async function settle(
  work: () => Promise<string>,
  signal: AbortSignal,
  timeoutSec: number,
): Promise<Pick<PhaseResult, "verdict" | "text">> {
  const aborted = new Promise<never>((_, reject) => {
    const late = () => signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
    signal.addEventListener("abort", () => reject(new Error(late() ? `no end within ${timeoutSec} s` : "interrupted")));
  });
  try {
    return { verdict: "passed", text: await Promise.race([work(), aborted]) };
  } catch (error) {
    return { verdict: "failed", text: error instanceof Error ? error.message : String(error) };
  }
}

/** Shows the steps of a phase's work as what the phase is doing now. */
function within(phase: ReportedStep): Reporter {
  return {
    step(title) {
      phase.progress(title);
      return {
        progress: (text) => phase.progress(`${title}: ${text}`),
        done: () => undefined,
        fail: (text) => phase.progress(`${title}: ${text}`),
      };
    },
    note: (text) => phase.progress(text),
  };
}
