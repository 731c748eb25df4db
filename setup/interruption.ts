import { VisibleError } from "../stacks/visibleError.ts";

/** Set-up was ended by Ctrl-C or SIGTERM. Exit code 130. */
export class SetupInterrupted extends VisibleError {
  override readonly name: string = "SetupInterrupted";

  constructor(title: string) {
    super(`Set-up was interrupted at: ${title}`, {
      details: ["what it had started is ended, and nothing half-made is left"],
      fix: "Run the same command again: it goes on with what is missing.",
    });
  }
}

/** Does work whose signal the first Ctrl-C or SIGTERM aborts; the next one ends the process at once. */
export function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = () => {
    // The handler stays: without one, execa's own would end this process before its children.
    if (abort.signal.aborted) process.exit(130);
    abort.abort();
  };
  return withInterrupt(interrupt, () => work(abort.signal));
}

/** Does work during which Ctrl-C and SIGTERM call `interrupt`, and end no process by themselves. */
export async function withInterrupt<T>(interrupt: () => void, work: () => Promise<T>): Promise<T> {
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}
