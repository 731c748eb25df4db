import { chmod, chown, mkdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** Writes a file of mode 600, whole or not at all; its folders are made with mode 700. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, content, { mode: 0o600 });
  await chmod(part, 0o600);
  await rename(part, path);
}

/** Rewrites a file that is the user's: behind its link, where it is one, and with its mode and owner. */
export async function rewriteFile(link: string, content: Buffer): Promise<void> {
  const path = await realpath(link);
  const { mode, uid, gid } = await stat(path);
  const part = `${path}.${process.pid}.part`;
  await writeFile(part, content, { mode: 0o600 });
  await chmod(part, mode);
  if (process.getuid?.() === 0) await chown(part, uid, gid);
  await rename(part, path);
}

/** A file's text, or undefined when there is none. */
export async function readIfThere(path: string, encoding: BufferEncoding = "utf8"): Promise<string | undefined> {
  return readFile(path, encoding).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  });
}
