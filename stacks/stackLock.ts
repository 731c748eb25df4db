import { readdir, readFile, rm, statfs } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { waitFor } from "../engine/wait.ts";
import { withLock } from "../setup/lock.ts";
import { homeFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";
import { end, executableOf, orphanedPlugins, processOf } from "./processes.ts";
import type { Reporter } from "./reporter.ts";

/** Pulumi's own lock, as its file backend writes it. */
const pulumiLock = z.object({ pid: z.number(), hostname: z.string(), timestamp: z.string() });
type PulumiLock = z.infer<typeof pulumiLock>;

/** How long to wait for another command on the same stack before it is refused, in milliseconds. */
const patienceMs = 120_000;

export interface StackLock {
  project: string;
  name: string;
  /** What this command is, for those that wait for it. */
  what: string;
  reporter: Reporter;
  /** Whether the work takes the stack away, and its lock is to go with it. */
  discard?: boolean;
}

/**
 * Does work while no other command changes the stack, Pulumi by hand included. A lock whose holder is dead is free, and
 * what its Pulumi left running is ended.
 * @throws MachineError that names the holder, when it does not let go within two minutes.
 */
export async function withStackLock<T>(lock: StackLock, work: () => Promise<T>): Promise<T> {
  const { project, name, what, reporter, discard } = lock;
  const onWait = (holder: string) => reporter.note(`Stack ${name} is held by ${holder}; waiting up to 120 s.`);
  const options = { what, subject: `stack ${name}`, deadlineMs: patienceMs, discard, onWait };
  return withLock(join(homeFolder(), "locks", `stack-${name}`), options, async () => {
    await waitForPulumi(project, name, onWait);
    end(await orphanedPlugins());
    return work();
  });
}

/** Waits for a Pulumi by hand, or one that outlived a killed command of ours. */
async function waitForPulumi(project: string, name: string, onWait: (holder: string) => void): Promise<void> {
  let told = false;
  await waitFor<true>({
    what: `stack ${name}`,
    deadlineMs: patienceMs,
    everyMs: 300,
    look: async () => {
      const holder = await pulumiHolder(project, name);
      if (!holder) return { value: true };
      if (!told) onWait(holder);
      told = true;
      return { waiting: `it is held by ${holder}` };
    },
  }).catch((error: unknown) => {
    throw new MachineError((error as Error).message, {
      fix: "Wait until it has ended, or end it, and run this again. If it ran on another machine and is gone, delete its lock.",
    });
  });
}

/** The live holder of Pulumi's lock; locks of dead ones are removed. */
export async function pulumiHolder(project: string, stack: string): Promise<string | undefined> {
  const folder = join(homeFolder(), "state", ".pulumi", "locks", "organization", project, stack);
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith(".json"));
  for (const file of files) {
    const path = join(folder, file);
    const lock = pulumiLock.safeParse(await readJson(path)).data;
    if (lock && (await isLive(lock, folder))) {
      const { pid, hostname: machine, timestamp } = lock;
      return `Pulumi, process ${pid} on ${machine} since ${timestamp} (its lock: ${path})`;
    }
    await rm(path, { force: true });
    await rm(`${path}.attrs`, { force: true });
  }
  return undefined;
}

/**
 * Whether the Pulumi that made a lock lives. Its home is on this machine, whose name may have been another then, so its
 * process would be here; only in a folder that machines share may it be elsewhere, and then it is believed.
 */
async function isLive({ pid, hostname: machine, timestamp }: PulumiLock, folder: string): Promise<boolean> {
  if (machine !== hostname() && (await isShared(folder))) return true;
  const found = await processOf(pid);
  if (!found || (await executableOf(pid)) !== "pulumi") return false;
  // Its age is in whole seconds.
  const startedMs = Date.now() - (found.ageSec + 1) * 1_000;
  return startedMs <= Date.parse(timestamp);
}

/** Linux's numbers of NFS, SMB, CIFS and Ceph (statfs(2)). */
const networkFilesystems = new Set([0x6969, 0xfe534d42, 0xff534d42, 0x00c36400]);

const isShared = async (folder: string) => networkFilesystems.has((await statfs(folder)).type);

/** A lock file's content; a half-written one reads as nothing. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
