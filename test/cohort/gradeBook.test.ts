import { expect, test } from "vitest";
import { graded, type Grade } from "../../cohort/gradeBook.ts";
import { checksText, gradesCsv, gradesJunit, gradesText } from "../../cli/cohort/gradeTexts.ts";
import { fail, notApplicable, pass, type Verdict } from "../../labs/check.ts";

const seat = { learner: { id: "ada" }, lab: "tracing" };
const found = (id: string, verdict: Verdict) => ({ id, step: 1, title: `Title of ${id}`, verdict, milliseconds: 1 });
const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 9, minute));
const plain = (_: unknown, text: string) => text;

const first = graded([], seat, [found("one", pass("seen")), found("two", fail("not yet", "hint"))], at(1));
const second = graded(first, seat, [found("one", fail("gone", "hint")), found("two", pass("now"))], at(5));
const byCheck = (grades: Grade[], check: string) => grades.find((grade) => grade.check === check);

test("what passed keeps when it first and last did", () => {
  expect(byCheck(second, "one")).toMatchObject({
    verdict: "fail",
    evidence: "gone",
    firstPassed: at(1).toISOString(),
    lastPassed: at(1).toISOString(),
    seen: at(5).toISOString(),
  });
  expect(byCheck(second, "two")).toMatchObject({ verdict: "pass", firstPassed: at(5).toISOString() });
  const third = graded(second, seat, [found("two", pass("still"))], at(9));
  expect(byCheck(third, "two")).toMatchObject({ firstPassed: at(5).toISOString(), lastPassed: at(9).toISOString() });
  expect(byCheck(third, "one")).toEqual(byCheck(second, "one"));
});

test("other learners' and other labs' grades stay as they are", () => {
  const other = graded(second, { learner: { id: "grace" }, lab: "tracing" }, [found("one", pass("hers"))], at(7));
  expect(other.filter(({ learner }) => learner === "ada")).toEqual(second);
  const elsewhere = graded(second, { ...seat, lab: "swarm-basics" }, [found("one", pass("there"))], at(7));
  expect(elsewhere.filter(({ lab }) => lab === "tracing")).toEqual(second);
});

test("the table counts what passed, without what is not applicable", () => {
  const book = graded(first, seat, [found("three", notApplicable("no ip_vs"))], at(2));
  expect(gradesText(book, plain)).toMatch(/LEARNER {2}TRACING\nada {6}1 of 2\n/);
  const whole = graded(book, seat, [found("two", pass("now"))], at(6));
  expect(gradesText(whole, plain)).toContain("2 of 2 by 2026-11-26 09:06");
});

test("every check is told with when it first and last passed", () => {
  const lines = checksText(graded(second, seat, [found("two", pass("still"))], at(9)), plain).split("\n");
  expect(lines[0]).toMatch(/^LEARNER +LAB +STEP +CHECK +VERDICT +FIRST PASSED +LAST PASSED$/);
  expect(lines[1]).toMatch(/^ada +tracing +1 +one +fail +2026-11-26 09:01 +2026-11-26 09:01$/);
  expect(lines[2]).toMatch(/^ada +tracing +1 +two +pass +2026-11-26 09:05 +2026-11-26 09:09$/);
  expect(lines.slice(3).join("\n")).toBe(`\n${gradesText(second, plain)}`);
});

test("CSV is quoted as it must be, and no evidence is a formula", () => {
  const book = graded([], seat, [found("one", pass('=HYPERLINK("x"), "a"\nb'))], at(1));
  const [head, ...lines] = gradesCsv(book).split("\r\n");
  expect(head).toBe("learner,lab,step,check,verdict,seen,firstPassed,lastPassed,evidence");
  expect(lines.join("\r\n")).toBe(
    `ada,tracing,1,one,pass,${at(1).toISOString()},${at(1).toISOString()},${at(1).toISOString()},"'=HYPERLINK(""x""), ""a""\nb"\r\n`,
  );
});

test("JUnit has a suite a learner and lab", () => {
  const report = gradesJunit(second);
  expect(report).toContain('<testsuite name="ada: tracing" tests="2" failures="1"');
  expect(report).toContain('name="step 1: Title of two (two)"');
  expect(report).toContain(`<property name="firstPassed" value="${at(1).toISOString()}"/>`);
});
