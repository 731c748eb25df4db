import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { withLock } from "../setup/lock.ts";
import { homeFolder } from "../stacks/home.ts";
import type { Reporter } from "../stacks/reporter.ts";
import { benchFolder, removeLeftovers } from "./leftovers.ts";

/**
 * Measures while no other measurement of this home does, with a folder for its files, and leaves nothing.
 * @throws MachineError that names the other, when it does not end within 10 seconds.
 */
export async function alone<T>(reporter: Reporter, measure: (engine: Docker) => Promise<T>): Promise<T> {
  const onWait = (holder: string) => reporter.note(`Waiting for ${holder}.`);
  const lock = { what: "drydock bench", deadlineMs: 10_000, onWait };
  return withLock(join(homeFolder(), "locks", "bench"), lock, async () => {
    const engine = await outerEngine();
    await removeLeftovers(engine);
    try {
      await mkdir(benchFolder(), { recursive: true, mode: 0o700 });
      return await measure(engine);
    } finally {
      await removeLeftovers(engine);
    }
  });
}
