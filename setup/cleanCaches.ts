import { existsSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { homeFolder } from "../stacks/home.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import { withToolsLock } from "./lock.ts";

/**
 * Removes the caches that set-up's builds left, once no build uses them; what they made stays.
 * @returns the bytes that this freed.
 */
export async function cleanCaches(reporter: Reporter, home = homeFolder()): Promise<number> {
  const folder = join(home, "cache");
  if (!existsSync(folder)) return 0;
  return reported(reporter, "Build caches", (step) =>
    withToolsLock(home, "removing build caches", step, async () => {
      const bytes = await sizeOf(folder);
      await rm(folder, { recursive: true, force: true });
      return bytes;
    }),
  );
}

/** Bytes that a folder takes on the disk. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await sizeOf(path) : (await lstat(path)).blocks * 512;
  }
  return bytes;
}
