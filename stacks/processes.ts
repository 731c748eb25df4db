import { execa } from "execa";
import { basename, join } from "node:path";
import { homeFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";

/** A process of this machine. */
export interface Process {
  pid: number;
  parent: number;
  /** Ended, but not yet collected by its parent. */
  zombie: boolean;
  /** How long it has been running, in seconds, rounded down. */
  ageSec: number;
  command: string;
}

/**
 * The processes of this machine, or the one asked for.
 * @throws MachineError when there is no `ps`: who holds what could not be told.
 */
export async function processes(pid?: number): Promise<Process[]> {
  const which = pid === undefined ? ["-e"] : ["-p", String(pid)];
  const lines = (await ps([...which, "-o", "pid=,ppid=,stat=,etime=,args="])).split("\n");
  return lines.flatMap((line) => {
    const parts = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!parts) return [];
    const [, id, parent, stat = "", age = "", command = ""] = parts;
    return [{ pid: Number(id), parent: Number(parent), zombie: stat.startsWith("Z"), ageSec: secondsOf(age), command }];
  });
}

async function ps(args: string[]): Promise<string> {
  const { stdout, exitCode } = await execa("ps", args, { reject: false });
  if (exitCode !== undefined) return stdout;
  throw new MachineError("There is no command ps on this machine", { fix: "install it: on Debian, package procps" });
}

/** Seconds of "[[days-]hours:]minutes:seconds". */
function secondsOf(age: string): number {
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = age.split(/[-:]/).toReversed().map(Number);
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}

/** What a process runs, by the name of its file; empty when there is no such process. */
export async function executableOf(pid: number): Promise<string> {
  return basename((await ps(["-p", String(pid), "-o", "comm="])).trim());
}

/** The live process of that id; a zombie is none. */
export async function processOf(pid: number): Promise<Process | undefined> {
  return (await processes(pid)).find(({ zombie }) => !zombie);
}

/**
 * Plugins and language hosts of this home that outlived the Pulumi that started them: it was killed, and they wait for
 * it for ever.
 */
export async function orphanedPlugins(home = homeFolder()): Promise<Process[]> {
  const all = (await processes()).filter(({ zombie }) => !zombie);
  const isPulumi = ({ command }: Process) => /(^|\/)pulumi(\s|$)/.test(command);
  const pulumis = new Set(all.filter(isPulumi).map(({ pid }) => pid));
  const ours = ["pulumi", "tools"].map((folder) => `${join(home, folder)}/`);
  return all.filter(
    (found) =>
      !isPulumi(found) && !pulumis.has(found.parent) && ours.some((folder) => found.command.startsWith(folder)),
  );
}

/** Ends processes that nobody waits for. */
export function end(orphans: Pick<Process, "pid">[]): void {
  for (const { pid } of orphans) {
    try {
      process.kill(pid, "SIGTERM");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
