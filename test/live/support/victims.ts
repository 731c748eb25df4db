import { setTimeout } from "node:timers/promises";
import { outerEngine } from "../../../engine/outer.ts";
import { isStatus } from "../../../engine/status.ts";
import { label } from "../../../stacks/labels.ts";
import { processes } from "../../../stacks/processes.ts";
import type { startInGroup } from "./drydock.ts";

type Child = ReturnType<typeof startInGroup>;

/** Kills; false when the victim is gone already. */
type Blow = () => Promise<boolean>;

/** Whom a kill hits: a process that a command is, one that works for it, or a host that it works on. */
export const victims = {
  "the command line": ofProcess("SIGKILL", /cli\/main\.ts/),
  "the command line's group, by Ctrl-C": (child: Child) => Promise.resolve(() => send(-(child.pid ?? 0), "SIGINT")),
  Pulumi: ofProcess("SIGKILL", /(^|\/)pulumi (up|destroy)/),
  "the drydock provider": ofProcess("SIGKILL", /provider\/main\.ts/),
  "the docker plugin": ofProcess("SIGKILL", /\/pulumi-resource-docker/),
  "a host's container": hostOf,
} satisfies Record<string, (child: Child, stack: string) => Promise<Blow | undefined>>;

export type Victim = keyof typeof victims;

/**
 * Kills a victim at a moment of its life.
 * @param moment From 0, when it starts, to 1, when the command is expected to end.
 * @param expectedMs How long the command takes.
 * @returns when that was in milliseconds, or undefined when the command ended first.
 */
export async function kill(
  child: Child,
  victim: Victim,
  { stack, moment, expectedMs }: { stack: string; moment: number; expectedMs: number },
): Promise<number | undefined> {
  const begun = performance.now();
  const blow = await victims[victim](child, stack);
  const lived = performance.now() - begun;
  const ended = child.then(() => "ended");
  const delay = setTimeout(moment * Math.max(0, expectedMs - lived));
  if (blow === undefined || (await Promise.race([ended, delay])) === "ended") return undefined;
  return (await blow()) ? performance.now() - begun : undefined;
}

function send(pid: number, signal: NodeJS.Signals): Promise<boolean> {
  try {
    return Promise.resolve(process.kill(pid, signal));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return Promise.resolve(false);
    throw error;
  }
}

/** The command's process, or one below it, by its command line; undefined when the command ends without one. */
function ofProcess(signal: NodeJS.Signals, command: RegExp) {
  return (child: Child): Promise<Blow | undefined> =>
    whileRuns(child, async () => {
      const all = await processes();
      const family = new Set([child.pid]);
      // Parents may come after their children in the list; plugins are two below the command.
      for (let depth = 0; depth < 2; depth++) {
        for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
      }
      const found = all.find(({ pid, command: line }) => family.has(pid) && command.test(line));
      return found && (() => send(found.pid, signal));
    });
}

/** A host's container that runs; undefined when the command ends without one. */
async function hostOf(child: Child, stack: string): Promise<Blow | undefined> {
  const engine = await outerEngine();
  const filters = { label: [`${label.stack}=${stack}`, label.host] };
  return whileRuns(child, async () => {
    const [found] = await engine.listContainers({ filters });
    return (
      found &&
      (async () => {
        try {
          await engine.getContainer(found.Id).kill();
          return true;
        } catch (error) {
          if (isStatus(error, 404) || isStatus(error, 409)) return false;
          throw error;
        }
      })
    );
  });
}

/** Looks until there is a victim; undefined when the command ends first. */
async function whileRuns(child: Child, look: () => Promise<Blow | undefined>): Promise<Blow | undefined> {
  const abort = new AbortController();
  void child.finally(() => abort.abort());
  while (!abort.signal.aborted) {
    const found = await look();
    if (found) return found;
  }
  return undefined;
}
