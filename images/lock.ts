import type Docker from "dockerode";
import { z } from "zod";
import { isStatus } from "../engine/status.ts";
import { removeContainer } from "../engine/objects.ts";
import type { Progress } from "./image.ts";
import { within } from "./within.ts";

const name = "drydock-lock";

/** Longer than the slowest build or pull that another process may be at. */
const deadlineSec = 3_600;

/** A holder starts its container at once. */
const unstartedSec = 10;

/**
 * Does work on an engine's image cache while no other process does.
 *
 * The lock is a container that reads its input from this process, and goes when that ends: a holder that was killed, or
 * whose machine was, holds nothing.
 * @param image an image on the engine that has `cat`.
 * @throws Error when another process holds it for an hour.
 */
export async function exclusively<T>(
  engine: Docker,
  image: string,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  const release = await within(
    deadlineSec,
    `the container ${name}, which another process at work on images holds`,
    async (signal) => {
      for (;;) {
        signal.throwIfAborted();
        const held = await acquire(engine, image);
        if (held) return held;
        progress("waiting for another process that prepares images");
        await released(engine);
      }
    },
  );
  try {
    return await work();
  } finally {
    await release();
  }
}

/** Undefined when another process has it. */
async function acquire(engine: Docker, image: string): Promise<(() => Promise<void>) | undefined> {
  let container: Docker.Container;
  try {
    container = await engine.createContainer({
      name,
      Image: image,
      Entrypoint: ["cat"],
      Cmd: [],
      Labels: { "drydock.cache": "temporary" },
      OpenStdin: true,
      StdinOnce: true,
      HostConfig: { AutoRemove: true, NetworkMode: "none" },
    });
  } catch (error) {
    if (isStatus(error, 409)) return undefined;
    throw error;
  }
  const input = await container.attach({ stream: true, stdin: true, hijack: true });
  await container.start();
  return async () => {
    input.resume().end();
    await removeContainer(engine, container.id);
  };
}

/** Waits until the lock's holder is gone, for a while. One that was killed before its container started is removed. */
async function released(engine: Docker): Promise<void> {
  const signal = AbortSignal.timeout(unstartedSec * 1_000);
  try {
    const holder = engine.getContainer(name);
    const { State: state, Created: created } = await holder.inspect();
    const { SystemTime: now } = z.object({ SystemTime: z.string() }).parse(await engine.info());
    const ageSec = (Date.parse(now) - Date.parse(created)) / 1_000;
    if (state.Status === "created" && ageSec > unstartedSec) await holder.remove();
    else await holder.wait({ condition: "removed", abortSignal: signal });
  } catch (error) {
    if (!isStatus(error, 404) && !signal.aborted) throw error;
  }
}
