import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { environment } from "../../setup/environment.ts";
import { checkout, homeFolder } from "../../stacks/home.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import type { Terminal } from "../terminal.ts";

/** Tests, counted. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const sum = (counts: readonly Counts[]): Counts => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
  skipped: counts.reduce((total, { skipped }) => total + skipped, 0),
});

export type Tell = (output: string) => void;

/** What runs the suite gives each part. */
export interface PartOptions {
  terminal: Terminal;
  reporter: Reporter;
  /** Ends the part when it aborts. */
  signal: AbortSignal;
}

/** A part of the suite. */
export interface Part {
  title: string;
  /** Runs it, telling what it does, until it ends or the signal says so; answers what came of it. */
  run: (tell: Tell, options: PartOptions) => Promise<Counts>;
}

/** Longest that a tool may take, in milliseconds. */
const deadlineMs = 50 * 60_000;

/** A tool that passes or fails as a whole. */
export const tool = (title: string, command: string, ...args: string[]): Part => ({
  title,
  async run(tell, { signal }) {
    const passed = (await runTool(command, args, tell, signal)) === 0;
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
  },
});

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
});

/** A project of vitest.config.ts. A run without a report, or that finds no test, is a failure. */
export const tests = (title: string, project: string): Part => ({
  title,
  async run(tell, { signal }) {
    const folder = await mkdtemp(join(tmpdir(), "drydock-test-"));
    const file = join(folder, "report.json");
    try {
      const args = ["run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
      const code = await runTool("vitest", args, tell, signal);
      return counted(code, await readFile(file, "utf8").catch(() => "{}"));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

/** What vitest's report counts; a run that failed or found nothing has at least one failure. */
export function counted(code: number, text: string): Counts {
  const { data } = report.safeParse(JSON.parse(text));
  const tests = data ? data.numPassedTests + data.numFailedTests + data.numPendingTests : 0;
  const failed = Math.max(data?.numFailedTests ?? 0, code === 0 && tests > 0 ? 0 : 1);
  return { passed: data?.numPassedTests ?? 0, failed, skipped: data?.numPendingTests ?? 0 };
}

/** Runs a program of our packages in the checkout, with the environment of set-up. */
async function runTool(command: string, args: string[], tell: Tell, cancelSignal: AbortSignal): Promise<number> {
  const child = execa(command, args, {
    cwd: checkout,
    env: environment(homeFolder()),
    preferLocal: true,
    localDir: checkout,
    stdin: "ignore",
    all: true,
    buffer: false,
    reject: false,
    timeout: deadlineMs,
    cancelSignal,
  });
  for await (const line of child.iterable({ from: "all" })) tell(`${line}\n`);
  return (await child).exitCode ?? 1;
}
