import type Docker from "dockerode";

/**
 * Asks an engine whether it is there.
 * @throws Error when it refuses or does not answer within the deadline, 10 seconds by default.
 */
export async function ping(engine: Docker, deadlineMs = 10_000): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(new Error(`no answer within ${deadlineMs / 1_000} s`)), deadlineMs);
  const late = new Promise<never>((_, reject) => {
    abort.signal.addEventListener("abort", () => reject(abort.signal.reason as Error));
  });
  try {
    await Promise.race([engine.ping(), late]);
  } finally {
    clearTimeout(timer);
  }
}
