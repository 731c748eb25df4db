import { describeError } from "../errors.ts";
import { seconds } from "../reporters/seconds.ts";
import { everyLab, labsInTime } from "./labParts.ts";
import { sum, tests, tool, type Counts, type Part, type PartOptions } from "./parts.ts";

const unit = [
  tool("Format", "prettier", "--check", "."),
  tool("Lint", "eslint", "."),
  tool("Types", "tsc"),
  tests("Unit tests", "unit"),
];
const live = tests("Live tests", "live");
const slow = tests("Slow live tests", "slow");
/** Needs the set-up of the target ec2. */
export const cloud = tests("Tests of the target ec2", "cloud");

/** What to run; all but what is slow when nothing is chosen. */
export interface Choice {
  unit?: boolean;
  live?: boolean;
  labs?: boolean;
  slow?: boolean;
  cloud?: boolean;
  /** Everything. */
  all?: boolean;
}

/** The parts in the order in which they run: the quick ones first. */
export function chosenParts(choice: Choice): Part[] {
  const { unit: only, all } = choice;
  const usual = all === true || !(only ?? choice.live ?? choice.labs ?? choice.slow ?? choice.cloud);
  return [
    ...(usual || only ? unit : []),
    ...(usual || choice.cloud ? [cloud] : []),
    ...(usual || choice.live ? [live] : []),
    ...(choice.labs || all ? [everyLab] : usual ? [labsInTime] : []),
    ...(all || choice.slow ? [slow] : []),
  ];
}

export interface SuiteResult {
  parts: (Counts & { title: string; seconds: number })[];
  total: Counts;
}

/** Runs the parts one after the other, all of them whatever fails, until it is interrupted. */
export async function runSuite(parts: readonly Part[], options: PartOptions): Promise<SuiteResult> {
  const done: SuiteResult["parts"] = [];
  for (const { title, run } of parts) {
    if (options.signal.aborted) break;
    const tell = (output: string) => options.reporter.note(output.trimEnd());
    tell(`\n== ${title}`);
    const start = performance.now();
    const counts = await run(tell, options).catch((error: unknown) => {
      tell(describeError(error, { debug: false }));
      return { passed: 0, failed: 1, skipped: 0 };
    });
    const took = performance.now() - start;
    options.reporter.note(`${counts.failed === 0 ? "✔" : "✖"} ${title}: ${countsText(counts)} (${seconds(took)})`);
    done.push({ title, seconds: took / 1000, ...counts });
  }
  return { parts: done, total: sum(done) };
}

/** "N passed, N failed, N skipped". */
export const countsText = ({ passed, failed, skipped }: Counts): string =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;
