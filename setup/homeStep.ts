import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { chmod, link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MachineError } from "../stacks/machineError.ts";
import type { SetupStep } from "./step.ts";

const folders = ["pulumi", "state", "tools"];

/** What other commands may have put into a home before its set-up. */
const madeEarlier = ["cache", "locks", "node", "owner", "settings", "stacks", "work"];

/**
 * Pulumi's language host looks for packages in every folder below the program, but not in a policy pack. Without this
 * file it walks through all that Go keeps in the home, which took 4 s of each `up`
 * (getPackagesFromDir in pulumi/pulumi, sdk/nodejs/cmd/pulumi-language-nodejs/main.go).
 */
const notForPulumi = "PulumiPolicy.yaml";

/** The folder of everything of ours, and the passphrase that encrypts the secrets in its state. */
export function homeStep(home: string): SetupStep {
  const passphrase = join(home, "passphrase");
  const complete = () =>
    [...folders, notForPulumi].every((name) => existsSync(join(home, name))) &&
    isPrivate(home) &&
    isPrivate(passphrase) &&
    !isEmpty(passphrase);
  return {
    title: "Folder and passphrase",
    look: () => Promise.resolve(complete() ? home : undefined),
    async make() {
      await refuseForeign(home);
      for (const name of folders) await mkdir(join(home, name), { recursive: true, mode: 0o700 });
      await chmod(home, 0o700);
      await writeFile(join(home, notForPulumi), "# Keeps Pulumi from looking for packages in here.\nruntime: nodejs\n");
      if (isEmpty(passphrase)) await makePassphrase(passphrase, home);
      await chmod(passphrase, 0o600);
      return home;
    },
  };
}

/** A folder that holds other things is not made private, nor filled with ours. */
async function refuseForeign(home: string): Promise<void> {
  if (!existsSync(home) || existsSync(join(home, "tools"))) return;
  const known = new Set([...madeEarlier, ...folders, notForPulumi, "passphrase"]);
  const foreign = (await readdir(home)).filter((name) => !known.has(name) && !name.endsWith(".part"));
  if (foreign.length === 0) return;
  throw new MachineError(`${home} holds other things than Drydock's`, {
    details: [`found in it: ${foreign.slice(0, 5).join(", ")}`],
    fix: "name a folder of its own with DRYDOCK_HOME; it need not exist",
  });
}

/** Windows has no such modes; there the folder is as private as its parent. */
function isPrivate(file: string): boolean {
  return existsSync(file) && (process.platform === "win32" || (statSync(file).mode & 0o077) === 0);
}

const isEmpty = (file: string) => !existsSync(file) || readFileSync(file, "utf8").trim() === "";

/** Whole or not at all, and never over one that another process was faster to make. */
async function makePassphrase(file: string, home: string): Promise<void> {
  const stacks = join(home, "state", ".pulumi", "stacks");
  if (existsSync(stacks) && (await readdir(stacks, { recursive: true })).some((name) => name.endsWith(".json"))) {
    throw new MachineError(`The passphrase of the stacks in ${home} is gone`, {
      details: [
        `tried to read ${file}: ${existsSync(file) ? "it is empty" : "there is no such file"}`,
        `${stacks} holds stacks that it encrypted`,
      ],
      fix: "put the file back; or, take every stack away with `./drydock down`, and start anew",
    });
  }
  if (existsSync(file)) await rm(file);
  const fresh = `${file}.${process.pid}.part`;
  await writeFile(fresh, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600 });
  try {
    await link(fresh, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(fresh);
  }
}
