import { CommanderError } from "commander";
import { BlockError } from "../labs/solve.ts";
import { MachineError } from "../stacks/machineError.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { exitCode } from "./exitCode.ts";

/** The code to exit with after an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badInput;
  if (error instanceof MachineError) return exitCode.machine;
  if (error instanceof BlockError) return exitCode.found;
  return error instanceof VisibleError ? exitCode.badInput : exitCode.machine;
}

/** An error in words; a stack trace only when asked for. */
export function describeError(error: unknown, { debug }: { debug: boolean }): string {
  if (debug) return error instanceof Error ? traces(error) : String(error);
  if (error instanceof VisibleError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Drydock failed: ${message.split("\n")[0] ?? ""}\n  Run it again with --debug to see where.`;
}

function traces(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${traces(error.cause)}` : own;
}

/** An error as --json prints it. */
export function errorJson(error: unknown): { error: { message: string; details: string[]; fix?: string } } {
  if (error instanceof VisibleError)
    return { error: { message: error.summary, details: error.details, fix: error.fix } };
  return { error: { message: error instanceof Error ? error.message : String(error), details: [] } };
}
