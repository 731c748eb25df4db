import { fail, notApplicable, pass } from "../../labs/check.ts";
import type { Graded } from "../../labs/grade.ts";
import type { Grade } from "../../cohort/gradeBook.ts";
import { junit, suiteOfChecks } from "../junit.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** Learners by labs: how many checks of how many passed, and when the last of them first did. */
export function gradesText(grades: readonly Grade[], paint: Terminal["paint"]): string {
  const slugs = [...new Set(grades.map(({ lab }) => lab))];
  const rows = [...Map.groupBy(grades, ({ learner }) => learner)].map(([learner, own]) => [
    learner,
    ...slugs.map((slug) =>
      cell(
        own.filter(({ lab }) => lab === slug),
        paint,
      ),
    ),
  ]);
  return table(["LEARNER", ...slugs.map((slug) => slug.toUpperCase())], rows);
}

function cell(grades: readonly Grade[], paint: Terminal["paint"]): string {
  const counted = grades.filter(({ verdict }) => verdict !== "not-applicable");
  if (counted.length === 0) return "";
  const passed = counted.filter(({ verdict }) => verdict === "pass");
  const last = passed
    .map(({ firstPassed = "" }) => firstPassed)
    .toSorted()
    .at(-1);
  const text = `${passed.length} of ${counted.length}`;
  if (passed.length < counted.length) return paint("red", text);
  return `${paint("green", text)} by ${minute(last)}`;
}

/** Every check of every learner's, with when it first and last passed, and the counts below. */
export function checksText(grades: readonly Grade[], paint: Terminal["paint"]): string {
  const colours = { pass: "green", fail: "red", "not-applicable": "yellow" } as const;
  const rows = grades
    .toSorted(
      (one, other) => compare(one.learner, other.learner) || compare(one.lab, other.lab) || one.step - other.step,
    )
    .map(({ learner, lab, step, check, verdict, firstPassed, lastPassed }) => [
      ...[learner, lab, String(step), check, paint(colours[verdict], verdict)],
      ...[minute(firstPassed), minute(lastPassed)],
    ]);
  const headings = ["LEARNER", "LAB", "STEP", "CHECK", "VERDICT", "FIRST PASSED", "LAST PASSED"];
  return `${table(headings, rows)}\n${gradesText(grades, paint)}`;
}

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other));

/** "2026-11-26 09:06" of an ISO date-time, in UTC; empty for none. */
const minute = (time = "") => time.slice(0, 16).replace("T", " ");

const columns = [
  "learner",
  "lab",
  "step",
  "check",
  "verdict",
  "seen",
  "firstPassed",
  "lastPassed",
  "evidence",
] as const;

/** The grades as CSV (RFC 4180), a check a line under a line of headings. */
export const gradesCsv = (grades: readonly Grade[]): string =>
  [columns, ...grades.map((grade) => columns.map((column) => grade[column] ?? ""))]
    .map((row) => `${row.map(quoted).join(",")}\r\n`)
    .join("");

/** What a spreadsheet would take for a formula is text for it. */
function quoted(value: string | number): string {
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The grades as JUnit XML, a suite a learner and lab. */
export function gradesJunit(grades: readonly Grade[]): string {
  const groups = Map.groupBy(grades, ({ learner, lab }) => `${learner}: ${lab}`);
  return junit(
    [...groups].map(([name, own]) => {
      const { cases } = suiteOfChecks(name, own.map(asGraded));
      return { name, cases: cases.map((found, index) => ({ ...found, properties: passesOf(own[index]) })) };
    }),
  );
}

/** When a check first and last passed; nothing for one that never did. */
function passesOf({ firstPassed, lastPassed }: Partial<Grade> = {}): Record<string, string> {
  return firstPassed === undefined || lastPassed === undefined ? {} : { firstPassed, lastPassed };
}

/** A grade as the check gave it, but for its hint and how long it took, which are not kept. */
const asGraded = ({ check: id, step, title, verdict, evidence }: Grade): Graded => ({
  id,
  step,
  title,
  milliseconds: 0,
  verdict: verdict === "pass" ? pass(evidence) : verdict === "fail" ? fail(evidence, "") : notApplicable(evidence),
});
