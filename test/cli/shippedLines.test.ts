import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Call, CommandSpec } from "../../cli/command.ts";
import { commands } from "../../cli/commands/index.ts";
import { runProgram } from "../../cli/program.ts";
import { checkout } from "../../stacks/home.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

const read = (...path: string[]) => readFile(join(checkout, "docs", ...path), "utf8");

/** The command that a line calls, as the command line took it. */
async function called(line: string): Promise<{ name: string; call: Call }> {
  const calls: { name: string; call: Call }[] = [];
  const stubs = commands.map((spec): CommandSpec => ({
    ...spec,
    run: (call) => Promise.resolve(calls.push({ name: spec.name, call }) - 1),
  }));
  const terminal = fakeTerminal();
  expect(await runProgram(line.split(" ").slice(1), terminal, stubs), terminal.written.err).toBe(0);
  const [only] = calls;
  if (!only) throw new Error(`${line} called nothing`);
  return only;
}

test("the unit for systemd calls reap", async () => {
  const unit = await read("systemd", "drydock-reap.service");
  const line = /^ExecStart=(.*)$/m.exec(unit)?.[1] ?? "";
  expect(line).toMatch(/^\/srv\/drydock\/drydock /);
  expect((await called(line)).name).toBe("reap");
  expect(await read("systemd", "drydock-reap.timer")).toMatch(/^OnCalendar=hourly$/m);
});

test("both workflows verify all labs, and keep the report that they write", async () => {
  interface Job {
    steps: { run?: string; with?: { path?: string } }[];
  }
  const [github, gitlab] = [...(await read("ci.md")).matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = ""]) => parse(text) as object,
  ) as [{ jobs: { verify: Job } }, { verify: { script: string[]; artifacts: { reports: { junit: string } } } }];
  const { steps } = github.jobs.verify;
  const lines = [...steps.flatMap(({ run = [] }) => run), ...gitlab.verify.script];
  const reports = [steps.at(-1)?.with?.path, gitlab.verify.artifacts.reports.junit];
  expect(lines).toHaveLength(2);
  for (const [index, line] of lines.entries()) {
    const { name, call } = await called(line);
    expect(name).toBe("verify");
    expect(call.options).toMatchObject({ all: true, jobs: 2, junit: reports[index] });
  }
});
