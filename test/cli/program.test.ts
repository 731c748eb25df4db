import { afterEach, describe, expect, test, vi } from "vitest";
import type { Call, CommandSpec } from "../../cli/command.ts";
import { commands } from "../../cli/commands/index.ts";
import { runProgram } from "../../cli/program.ts";
import { run } from "../../cli/run.ts";
import { MachineError } from "../../stacks/machineError.ts";
import { PulumiError } from "../../stacks/pulumiError.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

afterEach(() => vi.unstubAllEnvs());

const promised =
  "list plan up status ssh exec check hint solve reset graph down audit doctor verify env setup test".split(" ");

/** The words of a line up to a pipe, a redirection or a closing of $( ), quotes taken off. */
function words(line: string): string[] {
  const [command = ""] = line.replace(/^eval "\$\(/, "").split(/ [|<>] |\)"/);
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word).slice(1);
}

describe("every command", () => {
  test("that is promised is there, in the help", async () => {
    const terminal = fakeTerminal();
    expect(await run([], terminal)).toBe(0);
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(promised));
    for (const name of promised) expect(terminal.written.out).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
  });

  test.each(commands.map((spec) => [spec.name, spec] as const))("%s has help with examples", async (name, spec) => {
    const terminal = fakeTerminal();
    expect(await run([name, "--help"], terminal)).toBe(0);
    expect(terminal.written.out).toContain(`Usage: ./drydock ${name}`);
    expect(terminal.written.out.replaceAll(/\s+/g, " ")).toContain(`${spec.summary}.`);
    for (const option of ["--json", "--stack <name>", "--debug"]) expect(terminal.written.out).toContain(option);
    for (const [line, does] of spec.examples) {
      expect(line).toContain(`drydock ${name}`);
      expect(terminal.written.out).toContain(line);
      expect(terminal.written.out).toContain(does);
    }
  });

  const examples = commands
    .flatMap((spec) => spec.examples.map(([line]) => line))
    .filter((line) => line.includes("drydock "));
  test.each(examples)("takes its own example: %s", async (line) => {
    const calls: Call[] = [];
    const stubs = commands.map((spec): CommandSpec => ({
      ...spec,
      run: (call) => Promise.resolve(calls.push(call) - 1),
    }));
    expect(await runProgram(words(line), fakeTerminal(), stubs)).toBe(0);
    expect(calls).toHaveLength(1);
  });
});

test("exec's options stand before --, its command after it, options and all", async () => {
  const calls: Call<{ timeout?: number }>[] = [];
  const stubs = commands.map((spec): CommandSpec => ({
    ...spec,
    run: (call) => Promise.resolve(calls.push(call) - 1),
  }));
  const argv = ["exec", "host-1", "--timeout", "5", "--", "ls", "-l", "--json", "--", "x"];
  expect(await runProgram(argv, fakeTerminal(), stubs)).toBe(0);
  expect(calls[0]).toMatchObject({ args: ["host-1", "ls", "-l", "--json", "--", "x"], options: { timeout: 5 } });
  expect(calls[0]?.options.json).toBeUndefined();
});

test("--debug may stand before the command, too", async () => {
  const terminal = fakeTerminal();
  expect(await run(["--debug", "plan", "--stack", "nowhere"], terminal)).toBe(2);
  expect(terminal.written.err).toMatch(/^ +at /m);
});

test("with --json the output is the result alone, and progress is told in lines besides", async () => {
  const spec: CommandSpec = {
    name: "work",
    group: "Labs",
    summary: "Work",
    examples: [["./drydock work", "works"]],
    run({ reporter, print }) {
      reporter.step("Digging").done();
      print({ holes: 1 }, () => "1 hole\n");
      return Promise.resolve(0);
    },
  };
  const [plain, json] = [fakeTerminal(), fakeTerminal()];
  await run(["work"], plain, [spec]);
  await run(["work", "--json"], { ...json, interactive: true }, [spec]);
  expect(plain.written.out).toBe("1 hole\n");
  expect(plain.written.err).toMatch(/^✔ Digging/);
  expect(json.written.out).toBe('{\n  "holes": 1\n}\n');
  expect(json.written.err).toMatch(/^✔ Digging/);
});

test("help begins with the three lines that most people need", async () => {
  const terminal = fakeTerminal();
  await run([], terminal);
  const lines = terminal.written.out.split("\n").slice(0, 4).join("\n");
  expect(lines).toMatch(/drydock up .*\n.*drydock check .*\n.*drydock down /);
});

test("help on a command is that of the command itself", async () => {
  const [asked, own] = [fakeTerminal(), fakeTerminal()];
  expect(await run(["help", "up"], asked)).toBe(0);
  await run(["up", "--help"], own);
  expect(asked.written).toEqual(own.written);
});

test("the version is told", async () => {
  const terminal = fakeTerminal();
  expect(await run(["--version"], terminal)).toBe(0);
  expect(terminal.written.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

describe("bad input", () => {
  test.each([
    ["an unknown command", ["lits"], "Did you mean list?"],
    ["an unknown option", ["list", "--jsn"], "--json"],
    ["a missing argument", ["ssh"], "host"],
    ["an argument too many", ["list", "all"], "too many arguments"],
    ["a command for ssh", ["ssh", "a", "--", "ls"], "(./drydock help ssh tells how it is used)"],
    ["a command that is not there", ["guide"], "(./drydock help lists the commands)"],
    ["a step that is no number", ["check", "--step", "two"], "whole number"],
    ["a shell that is not known", ["env", "--shell", "tcsh"], "sh, fish, powershell"],
    ["a stack without settings", ["plan", "--stack", "nowhere"], "Pulumi.nowhere.yaml"],
    ["help on an unknown command", ["help", "lits"], "nearest: list"],
    ["a lab that is not known", ["verify", "swarm-basic"], "swarm-basics"],
    ["a lab that is not known", ["verify", "swarm-basic"], "`./drydock list`"],
    ["no lab", ["verify"], "--all"],
  ])("%s exits with 2 and says what is right", async (_, argv, said) => {
    const terminal = fakeTerminal();
    expect(await run(argv, terminal)).toBe(2);
    expect(terminal.written.err).toContain(said);
    expect(terminal.written.err).not.toMatch(/^\s+at /m);
    expect(terminal.written.out).toBe("");
  });
});

test.each([
  ["an unknown command", ["lits", "--json"], { message: "unknown command 'lits'", details: ["(Did you mean list?)"] }],
  ["a missing argument", ["ssh", "--json"], { message: "missing required argument 'host'", details: [] }],
])("%s is told as JSON, on the output, when that is asked for", async (_, argv, error) => {
  const terminal = fakeTerminal();
  expect(await run(argv, terminal)).toBe(2);
  expect(JSON.parse(terminal.written.out)).toEqual({ error });
  expect(terminal.written.err).toBe("");
});

test("help is help, --json or not", async () => {
  const terminal = fakeTerminal();
  expect(await run(["list", "--help", "--json"], terminal)).toBe(0);
  expect(terminal.written.out).toContain("Usage: ./drydock list");
});

describe("what a command throws", () => {
  const failing = (error: Error) => {
    const terminal = fakeTerminal();
    const spec: CommandSpec = {
      name: "fail",
      group: "Labs",
      summary: "Fail",
      examples: [["./drydock fail", "fails"]],
      run: () => Promise.reject(error),
    };
    return { terminal, fail: (...argv: string[]) => run(["fail", ...argv], terminal, [spec]) };
  };

  test("a refusal is told whole, without a stack trace, and exits with 2", async () => {
    const { terminal, fail } = failing(new VisibleError("No.", { details: ["received 3"], fix: "Give 2." }));
    expect(await fail()).toBe(2);
    expect(terminal.written.err).toBe("No.\n  - received 3\n  Give 2.\n");
  });

  test("a machine that cannot exits with 3", async () => {
    const { terminal, fail } = failing(new MachineError("The disk is full."));
    expect(await fail()).toBe(3);
    expect(terminal.written.err).toBe("The disk is full.\n");
  });

  test("anything else is told whole, with the way to more", async () => {
    const { terminal, fail } = failing(new TypeError("x is not a function\nbut a number"));
    expect(await fail()).toBe(3);
    expect(terminal.written.err).toBe(
      "Drydock failed: x is not a function\n  but a number\n  Run it again with --debug to see where.\n",
    );
  });

  test("an error of a thousand lines is cut", async () => {
    const lines = Array.from({ length: 1_000 }, (_, line) => `line ${line}`);
    const { terminal, fail } = failing(new Error(lines.join("\n")));
    await fail();
    expect(terminal.written.err).toMatch(/line 0\n[^]* {2}line 19\n {2}\.\.\. 980 more lines\n.*--debug/);
  });

  test("an interrupted Pulumi exits with 130, as the help says", async () => {
    const { terminal, fail } = failing(new PulumiError("up", "class", [], true));
    expect(await fail()).toBe(130);
    expect(terminal.written.err).toContain("`./drydock down --stack class` takes everything away");
    await run(["--help"], terminal);
    expect(terminal.written.out).toContain("130 interrupted");
  });

  test("--debug shows where, and the cause", async () => {
    const { terminal, fail } = failing(new Error("outer", { cause: new Error("inner") }));
    expect(await fail("--debug")).toBe(3);
    expect(terminal.written.err).toMatch(/Error: outer\n\s+at [\s\S]*caused by Error: inner\n\s+at /);
  });

  test("--json tells it as JSON, on the output", async () => {
    const { terminal, fail } = failing(new VisibleError("No.", { details: ["received 3"], fix: "Give 2." }));
    expect(await fail("--json")).toBe(2);
    expect(JSON.parse(terminal.written.out)).toEqual({
      error: { message: "No.", details: ["received 3"], fix: "Give 2." },
    });
    expect(terminal.written.err).toBe("");
  });
});

describe("results", () => {
  test("env tells the stack and its prefix, and the next command takes the stack from it", async () => {
    const terminal = fakeTerminal();
    expect(await run(["env", "--stack", "class"], terminal)).toBe(0);
    expect(terminal.written.out).toMatch(/^export DRYDOCK_STACK='class'$/m);
    expect(terminal.written.out).toMatch(/^export DRYDOCK_PREFIX='drydock-class'$/m);
    expect(terminal.written.out).toMatch(/^export PULUMI_STACK='class'$/m);
    expect(terminal.written.out).toMatch(/^unset PULUMI_CONFIG_PASSPHRASE$/m);
    vi.stubEnv("DRYDOCK_STACK", "elsewhere");
    const next = fakeTerminal();
    expect(await run(["plan"], next)).toBe(2);
    expect(next.written.err).toContain("Pulumi.elsewhere.yaml");
  });

  test("env quotes whatever is in a value, for every shell", async () => {
    vi.stubEnv("DRYDOCK_HOME", "/it's a\\b");
    const printed = async (shell: string) => {
      const terminal = fakeTerminal();
      await run(["env", "--shell", shell], terminal);
      return terminal.written.out.split("\n").find((line) => line.includes("DRYDOCK_HOME"));
    };
    expect(await printed("sh")).toBe(String.raw`export DRYDOCK_HOME='/it'\''s a\b'`);
    expect(await printed("fish")).toBe(String.raw`set -gx DRYDOCK_HOME '/it\'s a\\b';`);
    expect(await printed("powershell")).toBe(String.raw`$env:DRYDOCK_HOME = '/it''s a\b'`);
  });

  test("--json is one JSON document and no progress", async () => {
    const terminal = fakeTerminal();
    expect(await run(["list", "--json"], terminal)).toBe(0);
    const labs = JSON.parse(terminal.written.out) as { slug: string; hosts: { name: string; role: string }[] }[];
    const failover = labs.find(({ slug }) => slug === "swarm-failover");
    expect(failover?.hosts).toContainEqual({ name: "manager-1", role: "manager" });
    expect(terminal.written.err).toBe("");
  });

  test("list is a table by number", async () => {
    const terminal = fakeTerminal();
    expect(await run(["list"], terminal)).toBe(0);
    expect(terminal.written.out).toMatch(/^#\s+LAB\s+HOSTS[\s\S]*14 +overlay-vxlan +2[\s\S]*34 +swarm-failover +5/);
  });
});
