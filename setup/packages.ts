import { createHash, type BinaryLike } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { withLock } from "./lock.ts";
import { installApart, NpmFailed } from "./npmCi.mjs";

/**
 * Installs the npm packages of a checkout exactly as its lock file says, unless they are.
 * @throws MachineError when npm fails.
 */
export async function ensurePackages(folder: string, say: (text: string) => void): Promise<void> {
  if (installed(folder)) return;
  const lock = {
    what: "installing npm packages",
    deadlineMs: 15 * 60_000,
    onWait: (holder: string) => say(`Waiting for ${holder}`),
  };
  const lockFile = join(homeFolder(), "locks", `packages-${sha256(folder).slice(0, 12)}`);
  await withLock(lockFile, lock, async () => {
    if (!installed(folder)) await install(folder, say);
  });
}

async function install(folder: string, say: (text: string) => void): Promise<void> {
  say("Installing npm packages");
  const stamp = stampOf(folder);
  const keep = (work: string) => {
    const modules = join(work, "node_modules");
    writeFileSync(join(modules, stampName), stamp);
    replace(join(folder, "node_modules"), modules, join(work, "before"));
  };
  try {
    await installApart({ from: folder, workPrefix: join(folder, "node_modules.new-"), say, keep });
  } catch (error) {
    if (!(error instanceof NpmFailed)) throw error;
    throw new MachineError("The npm packages could not be installed", {
      details: error.details,
      fix: `run \`npm ci --ignore-scripts\` in ${folder} by hand until it works, then try again`,
    });
  }
}

/** Puts a folder in the place of another, which goes aside, however many processes do so at once. */
function replace(folder: string, fresh: string, aside: string): void {
  for (;;) {
    renamed(folder, aside, ["ENOENT"]);
    if (renamed(fresh, folder, ["ENOTEMPTY", "EEXIST"])) return;
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Renames a folder, and says whether it did: not when it failed in a way that another process can be the reason of. */
function renamed(from: string, to: string, ofOthers: readonly string[]): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (ofOthers.includes(codeOf(error))) return false;
    throw error;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";

/** Inside node_modules, so that whoever removes the packages removes the stamp. */
const stampName = ".drydock";

function installed(folder: string): boolean {
  const wanted = stampOf(folder);
  try {
    return readFileSync(join(folder, "node_modules", stampName), "utf8") === wanted;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Some packages are binaries of one platform. */
function stampOf(folder: string): string {
  return `${sha256(readFileSync(join(folder, "package-lock.json")))} ${process.platform} ${process.arch}`;
}

function sha256(content: BinaryLike): string {
  return createHash("sha256").update(content).digest("hex");
}
