import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { homeFolder } from "../stacks/home.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import { folderSize } from "./folderSize.ts";
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
      const bytes = await folderSize(folder);
      await rm(folder, { recursive: true, force: true });
      return bytes;
    }),
  );
}
