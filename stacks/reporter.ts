/** A piece of long work, shown while it runs. Ended once, by `done` or `fail`. */
export interface ReportedStep {
  /** What it is doing now, in a few words; replaces the words before. */
  progress: (text: string) => void;
  /** It is finished; `text` says what came of it, when that is worth a line. */
  done: (text?: string) => void;
  /** It failed; `text` is the error's first line. */
  fail: (text: string) => void;
}

/** How long work tells its user what it does. Several steps may run at once. */
export interface Reporter {
  /** Starts a step; `title` is what is done, such as "Host manager-1". */
  step: (title: string) => ReportedStep;
  /** Something worth knowing that is not a step. */
  note: (text: string) => void;
}

const nothing = () => undefined;

/** Says nothing. */
export const silentReporter: Reporter = {
  step: () => ({ progress: nothing, done: nothing, fail: nothing }),
  note: nothing,
};

/** Runs work as a step: done when it resolves, failed when it rejects. */
export async function reported<T>(
  reporter: Reporter,
  title: string,
  work: (step: ReportedStep) => Promise<T>,
  summary?: (result: T) => string,
): Promise<T> {
  const step = reporter.step(title);
  try {
    const result = await work(step);
    step.done(summary?.(result));
    return result;
  } catch (error) {
    step.fail((error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "");
    throw error;
  }
}
