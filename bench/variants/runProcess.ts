import { execa } from "execa";
import { MachineError } from "../../stacks/machineError.ts";

export interface ProcessOptions {
  cwd?: string;
  /** Besides this process's own. */
  env: Record<string, string>;
  /** Ends it as Ctrl-C would. */
  signal: AbortSignal;
  /** Exit codes that are no failure; 0 alone by default. */
  codes?: readonly number[];
}

/**
 * Runs a program to its end, in a process group of its own, so that a Ctrl-C reaches it once.
 * @throws MachineError with the end of what it said.
 */
export async function runProcess(program: string, args: string[], options: ProcessOptions): Promise<void> {
  const { signal, codes = [0], ...rest } = options;
  const { exitCode, all, shortMessage } = await execa(program, args, {
    ...rest,
    cancelSignal: signal,
    killSignal: "SIGINT",
    forceKillAfterDelay: 60_000,
    stdin: "ignore",
    detached: true,
    reject: false,
    all: true,
  });
  if (exitCode !== undefined && codes.includes(exitCode)) return;
  throw new MachineError(shortMessage?.split("\n")[0] ?? `${program} failed`, {
    details: all.trim().split("\n").slice(-10),
    fix: "Run `./drydock bench` again, which first removes what this one has left.",
  });
}
