import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { withLock } from "./lock.ts";

const deadlineMs = 10 * 60_000;

/**
 * Installs the npm packages of a checkout exactly as its lock file says, unless they are.
 * @throws MachineError when npm fails.
 */
export async function ensurePackages(folder: string, say: (text: string) => void): Promise<void> {
  if (installed(folder)) return;
  const lock = {
    what: "installing npm packages",
    deadlineMs,
    onWait: (holder: string) => say(`Waiting for ${holder}`),
  };
  const lockFile = join(homeFolder(), "locks", `packages-${sha256(folder).slice(0, 12)}`);
  await withLock(lockFile, lock, () => {
    if (!installed(folder)) install(folder, say);
    return Promise.resolve();
  });
}

function install(folder: string, say: (text: string) => void): void {
  say("Installing npm packages");
  const wanted = lockHash(folder);
  const { status, error, stdout, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    encoding: "utf8",
    shell: process.platform === "win32",
    timeout: deadlineMs,
  });
  if (error ?? status !== 0) {
    const answer = error?.message ?? `${stdout}${stderr}`;
    throw new MachineError("The npm packages could not be installed", {
      details: [
        `tried \`npm ci --ignore-scripts\` in ${folder}`,
        ...answer
          .trim()
          .split("\n")
          .slice(-8)
          .map((line) => `it answered: ${line}`),
      ],
      fix: "run that command by hand until it works (npm comes with Node.js), then try again",
    });
  }
  const stamp = stampFile(folder);
  writeFileSync(`${stamp}.new`, wanted);
  renameSync(`${stamp}.new`, stamp);
}

/** Inside node_modules, so that whoever removes the packages removes the stamp. */
const stampFile = (folder: string) => join(folder, "node_modules", ".drydock");

function installed(folder: string): boolean {
  const stamp = stampFile(folder);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === lockHash(folder);
}

function lockHash(folder: string): string {
  return sha256(readFileSync(join(folder, "package-lock.json")));
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
