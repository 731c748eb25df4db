import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../../../stacks/home.ts";

export const mainProgram = join(checkout, "cli", "main.ts");

/** Starts the command line as a user does, in a process of its own. */
export const startDrydock = (...args: string[]) =>
  execa(process.execPath, [mainProgram, ...args], { reject: false, all: true, stdin: "ignore" });

/** Starts it as a shell does: a process group of its own, which Ctrl-C reaches as a whole. */
export const startInGroup = (...args: string[]) =>
  execa(process.execPath, [mainProgram, ...args], { reject: false, all: true, stdin: "ignore", detached: true });

/** What a command answered. */
export interface Answer {
  code: number;
  /** stdout and stderr as they came. */
  text: string;
}

/** Runs the command line to its end. */
export async function drydock(...args: string[]): Promise<Answer> {
  const { exitCode, all } = await startDrydock(...args);
  return { code: exitCode ?? -1, text: all };
}

/** Runs a command; answers with what it printed. @throws Error with the same when it exits otherwise. */
export async function drydockExits(wanted: number, ...args: string[]): Promise<string> {
  const { code, text } = await drydock(...args);
  if (code !== wanted) throw new Error(`drydock ${args.join(" ")} exited with ${code}, not ${wanted}:\n${text}`);
  return text;
}

/** Runs a command with --json; @throws Error with what it printed when it does not exit with 0. */
export const drydockJson = <T>(...args: string[]): Promise<T> => drydockJsonExits<T>(0, ...args);

/** Runs a command with --json; answers with what its stdout holds. @throws Error with all it printed when it exits otherwise. */
export async function drydockJsonExits<T>(wanted: number, ...args: string[]): Promise<T> {
  const { exitCode, stdout, all } = await startDrydock(...args, "--json");
  if (exitCode !== wanted) {
    throw new Error(`drydock ${args.join(" ")} exited with ${String(exitCode)}, not ${wanted}:\n${all}`);
  }
  return JSON.parse(stdout) as T;
}
