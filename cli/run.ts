import { CommanderError } from "commander";
import type { CommandSpec } from "./command.ts";
import { commands as allCommands } from "./commands/index.ts";
import { describeError, errorJson, exitCodeOf } from "./errors.ts";
import { runProgram } from "./program.ts";
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
    const options = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined);
    if (error instanceof CommanderError) {
      // Commander has told it already.
    } else if (options.includes("--json")) {
      terminal.out(`${JSON.stringify(errorJson(error), undefined, 2)}\n`);
    } else {
      terminal.err(`${describeError(error, { debug: options.includes("--debug") })}\n`);
    }
    return exitCodeOf(error);
  }
}
