import { rm } from "node:fs/promises";
import { join } from "node:path";
import { folderSize } from "./folderSize.ts";

/** Where a home keeps what Go downloads and compiles. */
export const goCache = (home: string): string => join(home, "cache", "go");

/** What all that is built here leaves is less, so what is over it is of versions that are built no more. */
const mostBytes = 16 * 2 ** 30;

/** Empties a home's Go caches when they have grown past their bound; the next build fills them anew. */
export async function boundCache(home: string, progress: (text: string) => void, most = mostBytes): Promise<void> {
  if ((await folderSize(goCache(home))) <= most) return;
  progress("emptying Go's caches, which have grown past their bound");
  await rm(goCache(home), { recursive: true, force: true });
}
