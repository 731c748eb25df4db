import type Docker from "dockerode";
import { isStatus } from "./status.ts";

/** The answer of a question about an object; undefined when there is no such object. */
export async function ifThere<T>(question: Promise<T>): Promise<T | undefined> {
  return question.catch((error: unknown) => {
    if (isStatus(error, 404)) return undefined;
    throw error;
  });
}

/** How long another's removal of a container may take, in milliseconds. */
const removalMs = 60_000;

/**
 * Removes a container with its anonymous volumes, whether it runs or not. One that is gone already is fine, and one that
 * is being removed already is waited for.
 */
export async function removeContainer(engine: Docker, id: string): Promise<void> {
  const container = engine.getContainer(id);
  const removal = container.remove({ force: true, v: true }).catch((error: unknown) => {
    const abortSignal = AbortSignal.timeout(removalMs);
    if (isStatus(error, 409)) return container.wait({ condition: "removed", abortSignal }) as Promise<unknown>;
    throw error;
  });
  await ifThere(removal);
}
