import { withInterrupt } from "../setup/interruption.ts";
import type { Reporter } from "../stacks/reporter.ts";

/** Does work that cleans up after itself when it is interrupted: the first Ctrl-C aborts its signal. */
export function interruptible<T>(reporter: Reporter, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    if (!abort.signal.aborted) reporter.note("Interrupted: cleaning up.");
    abort.abort();
  };
  return withInterrupt(interrupt, () => work(abort.signal));
}
