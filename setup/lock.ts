import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MachineError } from "../stacks/machineError.ts";

/** How to wait for a lock. */
export interface LockOptions {
  /** What the holder does, such as "building the Pulumi CLI". */
  what: string;
  /** What is locked, such as "stack dev"; by default another process's set-up. */
  subject?: string;
  deadlineMs: number;
  /** Whether the lock's file goes when the work is done: there is nothing left to lock. */
  discard?: boolean;
  /** Ends the waiting. */
  signal?: AbortSignal;
  /** Told once when another process holds the lock; `holder` says who. */
  onWait: (holder: string) => void;
}

/**
 * Does work while no other process holds the lock of that name. It is the exclusive lock of an empty SQLite database,
 * so the operating system frees it however its holder ends.
 * @throws MachineError that names the holder, when the deadline is over.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = await take(file, options);
  try {
    writeFileSync(holderFile(file), `process ${process.pid} on ${hostname()}, ${options.what}`);
    const result = await work();
    if (options.discard) discard(file);
    return result;
  } finally {
    database.close();
  }
}

/** Whether no process holds the lock of that name; what one left that was killed is removed. */
export function isFree(file: string): boolean {
  if (!existsSync(file)) return true;
  const database = tryTake(file);
  if (!database) return false;
  discard(file);
  database.close();
  return true;
}

/** The lock of whoever changes a home's tools or their caches: one build at a time uses the machine well enough. */
export function withToolsLock<T>(
  home: string,
  what: string,
  { progress, signal }: { progress: (text: string) => void; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const onWait = (holder: string) => progress(`waiting for ${holder}`);
  return withLock(join(home, "locks", "tools"), { what, deadlineMs: 45 * 60_000, signal, onWait }, work);
}

async function take(
  file: string,
  { deadlineMs, signal, onWait, subject = "another set-up to finish" }: LockOptions,
): Promise<DatabaseSync> {
  const end = performance.now() + deadlineMs;
  for (let tries = 0; ; tries++) {
    const database = tryTake(file);
    if (database) return database;
    signal?.throwIfAborted();
    const holder = readHolder(file);
    if (tries === 0) onWait(holder);
    if (performance.now() >= end) {
      throw new MachineError(`Waited ${Math.round(deadlineMs / 1_000)} s for ${subject}`, {
        details: [`${file} is held by ${holder}`],
        fix: "wait for it, or end that process, and try again",
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const busy = 5;

/** Undefined when another has it, or when the one that had it has just discarded the file. */
function tryTake(file: string): DatabaseSync | undefined {
  const database = new DatabaseSync(file);
  const opened = inodeOf(file);
  let taken = false;
  try {
    database.exec("BEGIN EXCLUSIVE");
    taken = opened !== undefined && opened === inodeOf(file);
  } catch (error) {
    if (!(error instanceof Error && "errcode" in error && error.errcode === busy)) throw error;
  } finally {
    if (!taken) database.close();
  }
  return taken ? database : undefined;
}

const inodeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino;

/** Windows removes no file that is open; there it stays. */
function discard(file: string): void {
  if (process.platform === "win32") return;
  rmSync(holderFile(file), { force: true });
  rmSync(file, { force: true });
}

const holderFile = (file: string) => `${file}.holder`;

function readHolder(file: string): string {
  try {
    return readFileSync(holderFile(file), "utf8");
  } catch {
    return "a process that has not said its name yet";
  }
}
