import { chmod, chown, mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Writes a file of mode 600, whole or not at all; its folders are made with mode 700. */
export async function writePrivateFile(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await write(path, content, (part) => chmod(part, 0o600));
}

/** Rewrites a file that is the user's: behind its link, where it is one, and with its mode and owner. */
export async function rewriteFile(link: string, content: Buffer): Promise<void> {
  const path = await realpath(link);
  const { mode, uid, gid } = await stat(path);
  await write(path, content, async (part) => {
    await chmod(part, mode);
    if (process.getuid?.() === 0) await chown(part, uid, gid);
  });
}

async function write(path: string, content: string | Buffer, finish: (part: string) => Promise<void>): Promise<void> {
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, content, { mode: 0o600 });
    await finish(part);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** Removes what processes that were killed while they wrote a file have left beside it. */
export async function removeParts(link: string): Promise<void> {
  const path = await realpath(link).catch(() => link);
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names) {
    const [, file, pid] = /^(.*)\.(\d+)\.part$/.exec(name) ?? [];
    if (file === basename(path) && !isAlive(Number(pid))) await rm(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A file's text, or undefined when there is none. */
export async function readIfThere(path: string, encoding: BufferEncoding = "utf8"): Promise<string | undefined> {
  return readFile(path, encoding).catch((error: unknown) => {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  });
}
