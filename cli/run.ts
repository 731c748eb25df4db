import { CommanderError } from "commander";
import type { CommandSpec } from "./command.ts";
import { commands as allCommands } from "./commands/index.ts";
import { describeError, errorJson, exitCodeOf } from "./errors.ts";
import { exitCode } from "./exitCode.ts";
import { isGiven, runProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a command line to its exit code; errors are told, never thrown. */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  commands: readonly CommandSpec[] = allCommands,
): Promise<number> {
  try {
    return await runProgram(argv, terminal, commands);
  } catch (error) {
    const code = exitCodeOf(error);
    if (isGiven(argv, "--json") && code !== exitCode.done) {
      terminal.out(`${JSON.stringify(errorJson(error), undefined, 2)}\n`);
    } else if (!(error instanceof CommanderError)) {
      // Commander has told its own already.
      terminal.err(`${describeError(error, { debug: isGiven(argv, "--debug") })}\n`);
    }
    return code;
  }
}
