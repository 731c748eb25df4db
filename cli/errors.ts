import { CommanderError } from "commander";
import { BlockError } from "../labs/solve.ts";
import { SetupInterrupted } from "../setup/interruption.ts";
import { MachineError } from "../stacks/machineError.ts";
import { PulumiError } from "../stacks/pulumiError.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { exitCode } from "./exitCode.ts";

/** Most lines that are shown of an error that nobody expected. */
const mostLines = 20;

/** The code to exit with after an error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.badInput;
  if (error instanceof PulumiError && error.interrupted) return exitCode.interrupted;
  if (error instanceof SetupInterrupted) return exitCode.interrupted;
  if (error instanceof MachineError) return exitCode.machine;
  if (error instanceof BlockError) return exitCode.found;
  return error instanceof VisibleError ? exitCode.badInput : exitCode.machine;
}

/** An error in words; a stack trace only when asked for. */
export function describeError(error: unknown, { debug }: { debug: boolean }): string {
  if (debug) return error instanceof Error ? traces(error) : String(error);
  if (error instanceof VisibleError) return error.message;
  const message = error instanceof Error ? error.message : String(error);
  const [first = "", ...rest] = message.trim().split("\n");
  const shown = rest.slice(0, mostLines - 1).map((line) => `  ${line}`);
  const more = rest.length - shown.length;
  return [
    `Drydock failed: ${first}`,
    ...shown,
    ...(more > 0 ? [`  ... ${more} more lines`] : []),
    "  Run it again with --debug to see where.",
  ].join("\n");
}

function traces(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${traces(error.cause)}` : own;
}

/** An error as --json prints it. */
export function errorJson(error: unknown): { error: { message: string; details: string[]; fix?: string } } {
  if (error instanceof VisibleError)
    return { error: { message: error.summary, details: error.details, fix: error.fix } };
  if (error instanceof CommanderError) {
    const [message = "", ...details] = error.message.replace(/^error: /, "").split("\n");
    return { error: { message, details } };
  }
  return { error: { message: error instanceof Error ? error.message : String(error), details: [] } };
}
