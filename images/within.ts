/**
 * Gives work a deadline: its signal aborts when the time is up.
 * @throws Error "waited N s for WHAT" then; errors of the work pass through.
 */
export async function within<T>(seconds: number, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(seconds * 1_000);
  try {
    return await work(signal);
  } catch (error) {
    throw signal.aborted ? new Error(`waited ${seconds} s for ${what}`, { cause: error }) : error;
  }
}
