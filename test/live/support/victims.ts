import { setTimeout } from "node:timers/promises";
import { processes } from "../../../stacks/processes.ts";
import type { startDrydock } from "./drydock.ts";

/** Whom a kill hits: a process that a command is, or that works for it. */
export const victims = {
  "the command line": { signal: "SIGKILL", command: /cli\/main\.ts/ },
  "the command line, by Ctrl-C": { signal: "SIGINT", command: /cli\/main\.ts/ },
  Pulumi: { signal: "SIGKILL", command: /(^|\/)pulumi (up|destroy)/ },
  "the drydock provider": { signal: "SIGKILL", command: /provider\/main\.ts/ },
  "the docker plugin": { signal: "SIGKILL", command: /\/pulumi-resource-docker/ },
} as const;

export type Victim = keyof typeof victims;

/**
 * Kills a victim at a moment of its life.
 * @param moment From 0, when it starts, to 1, when the command is expected to end.
 * @param expectedMs How long the command takes.
 * @returns when that was in milliseconds, or undefined when the command ended first.
 */
export async function kill(
  child: ReturnType<typeof startDrydock>,
  victim: Victim,
  { moment, expectedMs }: { moment: number; expectedMs: number },
): Promise<number | undefined> {
  const begun = performance.now();
  const { signal, command } = victims[victim];
  const pid = await find(child, command);
  const lived = performance.now() - begun;
  const ended = child.then(() => "ended");
  const delay = setTimeout(moment * Math.max(0, expectedMs - lived));
  if (pid === undefined || (await Promise.race([ended, delay])) === "ended") return undefined;
  try {
    process.kill(pid, signal);
    return performance.now() - begun;
  } catch {
    return undefined;
  }
}

/** The command's process, or one below it, by its command line; undefined when the command ends without one. */
async function find(child: ReturnType<typeof startDrydock>, command: RegExp): Promise<number | undefined> {
  const abort = new AbortController();
  void child.finally(() => abort.abort());
  while (!abort.signal.aborted) {
    const all = await processes();
    const family = new Set([child.pid]);
    // Parents may come after their children in the list; plugins are two below the command.
    for (let depth = 0; depth < 2; depth++) {
      for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    }
    const found = all.find(({ pid, command: line }) => family.has(pid) && command.test(line));
    if (found) return found.pid;
  }
  return undefined;
}
