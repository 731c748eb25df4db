import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { chmod, link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MachineError } from "../stacks/machineError.ts";
import type { SetupStep } from "./step.ts";

const folders = ["pulumi", "state", "tools"];

/** The folder of everything of ours, and the passphrase that encrypts the secrets in its state. */
export function homeStep(home: string): SetupStep {
  const passphrase = join(home, "passphrase");
  const complete = () => folders.every((name) => existsSync(join(home, name))) && isPrivate(passphrase);
  return {
    title: "Folder and passphrase",
    look: () => Promise.resolve(complete() ? home : undefined),
    async make() {
      for (const name of folders) await mkdir(join(home, name), { recursive: true, mode: 0o700 });
      if (!existsSync(passphrase)) await makePassphrase(passphrase, home);
      await chmod(passphrase, 0o600);
      return home;
    },
  };
}

/** Windows has no such modes; there the folder is as private as its parent. */
function isPrivate(file: string): boolean {
  return existsSync(file) && (process.platform === "win32" || (statSync(file).mode & 0o077) === 0);
}

/** Whole or not at all, and never over one that another process was faster to make. */
async function makePassphrase(file: string, home: string): Promise<void> {
  const stacks = join(home, "state", ".pulumi", "stacks");
  if (existsSync(stacks) && (await readdir(stacks, { recursive: true })).some((name) => name.endsWith(".json"))) {
    throw new MachineError(`The passphrase of the stacks in ${home} is gone`, {
      details: [`tried to read ${file}: there is no such file`, `${stacks} holds stacks that it encrypted`],
      fix: "put the file back; or, take every stack away with `./drydock down`, and start anew",
    });
  }
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(fresh, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(fresh);
  }
}
