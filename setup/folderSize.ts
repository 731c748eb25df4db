import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes that a folder takes on the disk; none when it is not there. */
export async function folderSize(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? await folderSize(path) : (await lstat(path)).blocks * 512;
  }
  return bytes;
}

const entriesOf = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
