import type Docker from "dockerode";

/** What dockerode's `ping` takes, though its types do not know it. */
interface Abortable {
  ping(options: { abortSignal: AbortSignal }): Promise<unknown>;
}

/**
 * Asks an engine whether it is there.
 * @throws Error when it refuses or does not answer within the deadline, 10 seconds by default; the connection is closed.
 */
export async function ping(engine: Docker, deadlineMs = 10_000): Promise<void> {
  const abortSignal = AbortSignal.timeout(deadlineMs);
  try {
    await (engine as Abortable).ping({ abortSignal });
  } catch (error) {
    throw abortSignal.aborted ? new Error(`no answer within ${deadlineMs / 1_000} s`) : error;
  }
}
