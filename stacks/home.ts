import { randomBytes } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { MachineError } from "./machineError.ts";

/** The checkout that this program runs from. */
export const checkout = resolve(import.meta.dirname, "..");

/** Where everything of ours lives: DRYDOCK_HOME, else .drydock in the checkout. */
export function homeFolder(): string {
  const named = process.env.DRYDOCK_HOME;
  return resolve(named === undefined || named === "" ? join(checkout, ".drydock") : named);
}

/**
 * Makes the home when there is none, for its owner alone.
 * @returns where it is.
 * @throws MachineError when there can be none.
 */
export function makeHome(): string {
  const home = homeFolder();
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new MachineError(`Drydock's folder ${home} cannot be made`, {
      details: [`tried to make it: ${(error as Error).message}`],
      fix: "name another with DRYDOCK_HOME, which this user may write to",
    });
  }
  return home;
}

/**
 * The `drydock.home` label, "hostname:path#id": whose objects these are. Written once, with a random id: a laptop's
 * hostname changes with its network, and two machines may have the same one.
 */
export function homeLabel(): string {
  const home = homeFolder();
  const file = join(home, "owner");
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const part = `${file}.${process.pid}.part`;
  mkdirSync(home, { recursive: true, mode: 0o700 });
  writeFileSync(part, `${hostname()}:${home}#${randomBytes(4).toString("hex")}`, { mode: 0o600 });
  try {
    // A link is made whole or not at all, and never over another process's.
    linkSync(part, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(part);
  }
  return readFileSync(file, "utf8");
}

/** Whether a home is there no longer. One that this user may not look into is there. */
export function isGone(home: string): boolean {
  try {
    statSync(home);
    return false;
  } catch (error) {
    return ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");
  }
}

/** The folders of all stacks. */
export function stacksFolder(): string {
  return join(homeFolder(), "stacks");
}

/** A stack's own folder: its key, ssh_config and known_hosts. */
export function stackFolder(stack: string): string {
  return join(stacksFolder(), stack);
}

/** Folder of what is there only while Pulumi works on a stack: its event log and its temporary files. */
export function workFolder(stack: string): string {
  return join(homeFolder(), "work", stack);
}

/** Where Pulumi tells what it does to a stack, while it does it. */
export function eventLog(stack: string): string {
  return join(workFolder(stack), "events");
}
