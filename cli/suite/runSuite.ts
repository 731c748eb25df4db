import { labs } from "../../labs/index.ts";
import { describeError } from "../errors.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import { seconds } from "../reporters/seconds.ts";
import type { Terminal } from "../terminal.ts";
import { isVerified, resultsText } from "../verify/results.ts";
import { verifyLabs } from "../verify/verifyLabs.ts";
import { tests, tool, type Counts, type Part } from "./parts.ts";

const unit = [
  tool("Format", "prettier", "--check", "."),
  tool("Lint", "eslint", "."),
  tool("Types", "tsc"),
  tests("Unit tests", "unit"),
];
const live = tests("Live tests", "live");
const slow = tests("Slow live tests", "slow");

/** What to run; all but what is slow when nothing is chosen. */
export interface Choice {
  unit?: boolean;
  live?: boolean;
  labs?: boolean;
  slow?: boolean;
  /** Everything. */
  all?: boolean;
}

export type SuitePart = Part | "labs";

/** The parts in the order in which they run: the quick ones first. */
export function chosenParts(choice: Choice): SuitePart[] {
  const { unit: only, all } = choice;
  const usual = all === true || !(only ?? choice.live ?? choice.labs ?? choice.slow);
  return [
    ...(usual || only ? unit : []),
    ...(usual || choice.live ? [live] : []),
    ...(usual || choice.labs ? ["labs" as const] : []),
    ...(all || choice.slow ? [slow] : []),
  ];
}

export interface SuiteResult {
  parts: (Counts & { title: string; seconds: number })[];
  total: Counts;
}

export interface SuiteOptions {
  terminal: Terminal;
  reporter: Reporter;
  signal: AbortSignal;
}

/** Runs the parts one after the other, all of them whatever fails, until it is interrupted. */
export async function runSuite(parts: readonly SuitePart[], options: SuiteOptions): Promise<SuiteResult> {
  const done: SuiteResult["parts"] = [];
  for (const part of parts) {
    if (options.signal.aborted) break;
    const { title, run } = part === "labs" ? labsPart(options) : part;
    const tell = (output: string) => options.reporter.note(output.trimEnd());
    tell(`\n== ${title}`);
    const start = performance.now();
    const counts = await run(tell, options.signal).catch((error: unknown) => {
      tell(describeError(error, { debug: false }));
      return { passed: 0, failed: 1, skipped: 0 };
    });
    const took = performance.now() - start;
    options.reporter.note(`${counts.failed === 0 ? "✔" : "✖"} ${title}: ${countsText(counts)} (${seconds(took)})`);
    done.push({ title, seconds: took / 1000, ...counts });
  }
  return { parts: done, total: sum(done) };
}

/** Every lab's own test: a phase counts as a test. */
function labsPart({ terminal, reporter, signal }: SuiteOptions): Part {
  return {
    title: "Labs",
    async run(tell) {
      const results = await verifyLabs(Object.keys(labs), { jobs: 1, reporter, signal });
      if (!results.every(isVerified)) tell(resultsText(results, terminal.paint));
      const phases = results.flatMap((lab) => lab.results);
      const count = (verdict: string) => phases.filter((phase) => phase.verdict === verdict).length;
      return { passed: count("passed"), failed: count("failed"), skipped: count("skipped") };
    },
  };
}

/** "N passed, N failed, N skipped". */
export const countsText = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

const sum = (counts: readonly Counts[]): Counts => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
  skipped: counts.reduce((total, { skipped }) => total + skipped, 0),
});
