import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { knownNames } from "../labs/suggest.ts";
import { checkout } from "../stacks/home.ts";
import type { Reporter } from "../stacks/reporter.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { groups, type CommandSpec, type CommonOptions } from "./command.ts";
import { exitCode } from "./exitCode.ts";
import { plainReporter } from "./reporters/plainReporter.ts";
import type { Terminal } from "./terminal.ts";
import { stackOption } from "./stackOption.ts";

const introduction = `
Most used:
  ./drydock up       brings up the lab that Pulumi.dev.yaml names
  ./drydock check    says which steps of the lab are done, and what was seen
  ./drydock down     takes everything away, and proves it
`;

const exits = `
Exit codes: 0 done, 1 checks, the audit or a test found something, 2 bad input, or a stack that has to be up and is not,
3 the machine cannot, 130 interrupted.
Help on one command: ./drydock help COMMAND
`;

/** Runs a command line, the program's name left out. Rejects with what the command rejects with. */
export async function runProgram(
  argv: readonly string[],
  terminal: Terminal,
  commands: readonly CommandSpec[],
): Promise<number> {
  let code: number = exitCode.done;
  // With --json, what is wrong with the line is told as JSON, by whom this rejects to.
  const usage = isGiven(argv, "--json") ? { ...terminal, err: () => undefined } : terminal;
  const program = buildProgram(commands, { terminal, usage, exit: (result) => (code = result) });
  if (argv.length === 0) program.outputHelp();
  else await program.parseAsync(argv, { from: "user" });
  return code;
}

/** Whether an option is on a command line; what stands behind "--" is not Drydock's. */
export function isGiven(argv: readonly string[], option: string): boolean {
  return argv.slice(0, argv.includes("--") ? argv.indexOf("--") : undefined).includes(option);
}

interface Surroundings {
  terminal: Terminal;
  /** Where commander tells of usage. */
  usage: Terminal;
  exit: (code: number) => void;
}

function buildProgram(commands: readonly CommandSpec[], surroundings: Surroundings): Command {
  const program = new Command("./drydock")
    .description("Provisions the labs that Docker courses are taught on.")
    .usage("COMMAND [options]")
    .showSuggestionAfterError()
    .showHelpAfterError("(./drydock help lists the commands)")
    .exitOverride()
    .configureOutput({ writeOut: surroundings.usage.out, writeErr: surroundings.usage.err })
    .option("--debug", "stack traces with errors")
    .version(version(), "--version", "the version of Drydock")
    .helpCommand(false)
    .configureHelp({ subcommandTerm })
    .addHelpText("before", introduction.trimStart())
    .addHelpText("after", exits.trimEnd());
  for (const group of groups) {
    for (const spec of commands) if (spec.group === group) add(program, spec, surroundings);
    if (group === "Machine") addHelp(program);
  }
  return program;
}

function version(): string {
  return (JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { version: string }).version;
}

function addHelp(program: Command): void {
  program
    .command("help [command]")
    .summary("Explain a command")
    .helpGroup("Machine:")
    .action((name?: string) => {
      const command = name === undefined ? program : program.commands.find((known) => known.name() === name);
      if (command) return command.outputHelp();
      const names = program.commands.map((known) => known.name());
      throw new VisibleError(`There is no command "${name ?? ""}".`, { details: [knownNames(name ?? "", names)] });
    });
}

function subcommandTerm(command: Command): string {
  const names = command.registeredArguments.map((argument) => {
    const name = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return [command.name(), ...names].join(" ");
}

function add(program: Command, spec: CommandSpec, { terminal, exit }: Surroundings): void {
  const command = program
    .command([spec.name, spec.arguments].filter(Boolean).join(" "))
    .summary(spec.summary)
    .description([`${spec.summary}.`, spec.description].filter(Boolean).join("\n\n"))
    .helpGroup(`${spec.group}:`)
    .showHelpAfterError(`(./drydock help ${spec.name} tells how it is used)`)
    .addHelpText("after", examplesHelp(spec));
  spec.configure?.(command);
  command
    .addOption(stackOption())
    .option("--json", "the result as JSON")
    .option("--debug", "stack traces with errors")
    .action(async () => {
      const options = command.opts<CommonOptions>();
      const reporter = await reporterFor(terminal, options);
      const print = (result: unknown, text: () => string) =>
        terminal.out(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : text());
      exit(await spec.run({ args: command.args, options, terminal, reporter, print }));
    });
}

async function reporterFor(terminal: Terminal, { json }: CommonOptions): Promise<Reporter> {
  if (json || !terminal.interactive) return plainReporter(terminal.err);
  const { liveReporter } = await import("./reporters/liveReporter.ts");
  return liveReporter(process.stderr);
}

function examplesHelp({ examples }: CommandSpec): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return `\nExamples:\n${examples.map(([line, does]) => `  ${line.padEnd(width)}   ${does}`).join("\n")}`;
}
