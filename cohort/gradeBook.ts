import { join } from "node:path";
import { z } from "zod";
import { readIfThere, writePrivateFile } from "../access/privateFile.ts";
import type { Graded } from "../labs/grade.ts";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Seat } from "./seats.ts";

const entry = z.object({
  learner: z.string(),
  lab: z.string(),
  check: z.string(),
  step: z.number(),
  title: z.string(),
  verdict: z.enum(["pass", "fail", "not-applicable"]),
  /** What was seen, or why it is not applicable. */
  evidence: z.string(),
  /** When it was last looked at, and when it first and last passed: ISO date-times. */
  seen: z.string(),
  firstPassed: z.string().optional(),
  lastPassed: z.string().optional(),
});

/** A check of a learner's, as it was last seen. */
export type Grade = z.infer<typeof entry>;

/** Where a cohort's grades are kept, also when its stacks are gone. */
export const gradesFile = (cohort: string): string => join(homeFolder(), "grades", `${cohort}.json`);

/** @throws MachineError when the file is none of ours. */
export async function readGrades(cohort: string): Promise<Grade[]> {
  const path = gradesFile(cohort);
  const text = await readIfThere(path);
  if (text === undefined) return [];
  try {
    return z.array(entry).parse(JSON.parse(text));
  } catch (error) {
    throw new MachineError(`The grades of cohort ${cohort} cannot be read.`, {
      details: [`${path}: ${(error as Error).message.split("\n")[0] ?? ""}`],
      fix: "Put the file right, or move it away: the next `cohort check` begins a new one.",
    });
  }
}

export const writeGrades = (cohort: string, grades: readonly Grade[]): Promise<void> =>
  writePrivateFile(gradesFile(cohort), `${JSON.stringify(grades, undefined, 1)}\n`);

/** The grades with what was just seen of a learner's stack; what passed once keeps when. */
export function graded(
  grades: readonly Grade[],
  { learner, lab }: Pick<Seat, "learner" | "lab">,
  found: readonly Graded[],
  now: Date,
): Grade[] {
  const seen = now.toISOString();
  const isSame = (grade: Grade, check: string) =>
    grade.learner === learner.id && grade.lab === lab && grade.check === check;
  const fresh = found.map(({ id, step, title, verdict }): Grade => {
    const before = grades.find((grade) => isSame(grade, id));
    const passed = verdict.verdict === "pass";
    const evidence = verdict.verdict === "not-applicable" ? verdict.reason : verdict.evidence;
    return {
      learner: learner.id,
      lab,
      check: id,
      step,
      title,
      verdict: verdict.verdict,
      evidence,
      seen,
      firstPassed: before?.firstPassed ?? (passed ? seen : undefined),
      lastPassed: passed ? seen : before?.lastPassed,
    };
  });
  return [...grades.filter((grade) => !found.some(({ id }) => isSame(grade, id))), ...fresh];
}
