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
  /** Longest that a phase may take until it is interrupted; 1200 by default. */
  timeoutSec?: number;
  /** Longest that an interrupted phase that stops may take to; 60 by default. */
  graceSec?: number;
}

/** Runs a lab's own test. After a failure only the phases that clean up still run. */
export async function runPhases(driver: LabDriver, options: RunOptions): Promise<PhaseResult[]> {
  const { lab, reporter, signal, timeoutSec = 1200, graceSec = 60 } = options;
  const results: PhaseResult[] = [];
  for (const { name, always, stops, run } of labPhases()) {
    const failed = results.find(({ verdict }) => verdict === "failed");
    if ((failed ?? signal.aborted) && !always) {
      const text = failed ? `after the failure of "${failed.phase}"` : "interrupted";
      results.push({ phase: name, verdict: "skipped", seconds: 0, text });
      continue;
    }
    const step = reporter.step(`${lab}: ${name}`);
    const start = performance.now();
    const signals = [AbortSignal.timeout(timeoutSec * 1000), ...(always ? [] : [signal])];
    const ending = AbortSignal.any(signals);
    const limits = { timeoutSec, graceSec: stops ? graceSec : undefined };
    const outcome = await settle(() => run(driver, within(step), ending), ending, limits);
    if (outcome.verdict === "passed") step.done(outcome.text);
    else step.fail(outcome.text.split("\n")[0] ?? "");
    results.push({ phase: name, seconds: (performance.now() - start) / 1000, ...outcome });
  }
  return results;
}

type Outcome = Pick<PhaseResult, "verdict" | "text">;

/** What comes of work, or of its interruption; `graceSec` is how long it may take to end then, none to leave it be. */
async function settle(
  work: () => Promise<string>,
  signal: AbortSignal,
  { timeoutSec, graceSec }: { timeoutSec: number; graceSec: number | undefined },
): Promise<Outcome> {
  const interrupted = new Promise<string>((resolve) => {
    const late = () => signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
    signal.addEventListener("abort", () => resolve(late() ? `no end within ${timeoutSec} s` : "interrupted"));
  });
  const outcome = work().then(
    (text): Outcome => ({ verdict: "passed", text }),
    (error: unknown): Outcome => ({ verdict: "failed", text: error instanceof Error ? error.message : String(error) }),
  );
  const first = await Promise.race([outcome, interrupted]);
  if (typeof first !== "string") return first;
  const runsOn = graceSec !== undefined && !(await endsWithin(outcome, graceSec));
  return { verdict: "failed", text: runsOn ? `${first}, and it still runs ${graceSec} s later` : first };
}

async function endsWithin(work: Promise<unknown>, seconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), seconds * 1000);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
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
