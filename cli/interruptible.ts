import type { Reporter } from "../stacks/reporter.ts";

/** Does work that cleans up after itself when it is interrupted: the first Ctrl-C aborts its signal. */
export async function interruptible<T>(reporter: Reporter, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    if (!abort.signal.aborted) reporter.note("Interrupted: cleaning up.");
    abort.abort();
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work(abort.signal);
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
