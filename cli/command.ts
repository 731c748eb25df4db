import type { Command } from "commander";
import type { Reporter } from "../stacks/reporter.ts";
import type { Terminal } from "./terminal.ts";

/** Options of every command. */
export interface CommonOptions {
  /** Results as JSON. */
  json?: true;
  /** Name of the stack. */
  stack: string;
  /** Stack traces with errors. */
  debug?: true;
}

/** One use of a command. */
export interface Call<Options extends object = object> {
  args: string[];
  options: Options & CommonOptions;
  terminal: Terminal;
  /** Shows long work, apart from the result. */
  reporter: Reporter;
  /** Prints the command's result: as JSON with --json, else as text. */
  print: (result: unknown, text: () => string) => void;
}

/** Headings of the help, in order. */
export const groups = ["Labs", "Learning", "Machine", "Authors"] as const;

/** A command of the command line, one a file. What is heavy it imports when it runs. */
export interface CommandSpec<Options extends object = object> {
  name: string;
  /** Its arguments, as commander writes them: "<host> [command...]". */
  arguments?: string;
  group: (typeof groups)[number];
  summary: string;
  /** More for its own help, such as what it exits with. */
  description?: string;
  /** Whole lines to type, with what they do. */
  examples: readonly [Example, ...Example[]];
  /** Adds its own options. */
  configure?: (command: Command) => void;
  /** Does the work; answers the exit code. */
  run(call: Call<Options>): Promise<number>;
}

/** A line to type, and what it does. */
export type Example = readonly [line: string, does: string];
