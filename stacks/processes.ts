import { execa } from "execa";
import { join } from "node:path";
import { homeFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";

/** A process of this machine. */
export interface Process {
  pid: number;
  parent: number;
  /** Ended, but not yet collected by its parent. */
  zombie: boolean;
  command: string;
}

/**
 * The processes of this machine, or the one asked for.
 * @throws MachineError when there is no `ps`: who holds what could not be told.
 */
export async function processes(pid?: number): Promise<Process[]> {
  const which = pid === undefined ? ["-e"] : ["-p", String(pid)];
  const { stdout, exitCode } = await execa("ps", [...which, "-o", "pid=,ppid=,stat=,args="], { reject: false });
  if (exitCode === undefined) {
    throw new MachineError("There is no command ps on this machine", { fix: "install it: on Debian, package procps" });
  }
  return stdout.split("\n").flatMap((line) => {
    const parts = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line);
    if (!parts) return [];
    const [, id, parent, stat = "", command = ""] = parts;
    return [{ pid: Number(id), parent: Number(parent), zombie: stat.startsWith("Z"), command }];
  });
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
export function end(orphans: Process[]): void {
  for (const { pid } of orphans) {
    try {
      process.kill(pid, "SIGTERM");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
