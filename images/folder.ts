import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";

/** A file of an image's folder. Of its mode only the executable bit counts, as in git. */
export interface FolderFile {
  /** Relative to the folder, with forward slashes. */
  path: string;
  content: Buffer;
  executable: boolean;
}

/**
 * The files of a folder, by path.
 * @throws Error when the folder holds something other than files and folders.
 */
export async function readFolder(folder: string): Promise<FolderFile[]> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter(
    (entry) => !entry.isDirectory(),
  );
  const files = await Promise.all(
    entries.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      if (!entry.isFile())
        throw new Error(`${file} is neither a file nor a folder: an image's folder has nothing else.`);
      const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
      return { path: relative(folder, file).split(sep).join("/"), content, executable: (mode & 0o100) !== 0 };
    }),
  );
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Twelve hexadecimal digits that change with the base's id and with any file's path, content or executable bit. */
export function contentHash(base: string, files: readonly FolderFile[]): string {
  const hash = createHash("sha256").update(base);
  for (const { path, content, executable } of files) {
    hash.update(JSON.stringify([path, executable, content.length])).update(content);
  }
  return hash.digest("hex").slice(0, 12);
}

/** The files as a build context: a tar archive. */
export function packFiles(files: readonly FolderFile[]): Readable {
  const archive = pack();
  for (const { path, content, executable } of files) {
    archive.entry({ name: path, mode: executable ? 0o755 : 0o644, mtime: new Date(0) }, content);
  }
  archive.finalize();
  return Readable.from(archive);
}
