import { element, escapeXml } from "../graph/xml.ts";
import type { Graded } from "../labs/grade.ts";

/** A case of a JUnit report. */
export interface JunitCase {
  name: string;
  seconds: number;
  /** What was seen, when it passed. */
  output?: string;
  failure?: { message: string; detail: string };
  /** Why it did not run. */
  skipped?: string;
  properties?: Record<string, string>;
}

export interface JunitSuite {
  name: string;
  cases: JunitCase[];
}

/** A JUnit report, as CI systems read it. */
export function junit(suites: readonly JunitSuite[]): string {
  const document = element("testsuites", totals(suites.flatMap((suite) => suite.cases)), ...suites.map(suiteElement));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`;
}

/** Verdicts of a lab's checks as a suite. */
export function suiteOfChecks(lab: string, graded: readonly Graded[]): JunitSuite {
  return { name: lab, cases: graded.map(caseOfCheck) };
}

function caseOfCheck({ step, id, title, verdict, milliseconds }: Graded): JunitCase {
  const base = { name: `step ${step}: ${title} (${id})`, seconds: milliseconds / 1000 };
  switch (verdict.verdict) {
    case "pass":
      return { ...base, output: verdict.evidence };
    case "fail":
      return { ...base, failure: { message: verdict.evidence, detail: verdict.hint } };
    case "not-applicable":
      return { ...base, skipped: verdict.reason };
  }
}

function suiteElement({ name, cases }: JunitSuite): string {
  return element("testsuite", { name, ...totals(cases) }, ...cases.map((entry) => caseElement(name, entry)));
}

function caseElement(suite: string, { name, seconds, output, failure, skipped, properties = {} }: JunitCase): string {
  const known = Object.entries(properties).map(([key, value]) => element("property", { name: key, value }));
  const children = [
    ...(known.length > 0 ? [element("properties", {}, ...known)] : []),
    ...(failure ? [element("failure", { message: failure.message }, escapeXml(failure.detail))] : []),
    ...(skipped === undefined ? [] : [element("skipped", { message: skipped })]),
    ...(output === undefined ? [] : [element("system-out", {}, escapeXml(output))]),
  ];
  return element("testcase", { classname: suite, name, time: seconds.toFixed(3) }, ...children);
}

function totals(cases: readonly JunitCase[]): Record<string, string | number> {
  return {
    tests: cases.length,
    failures: cases.filter((entry) => entry.failure).length,
    skipped: cases.filter((entry) => entry.skipped !== undefined).length,
    time: cases.reduce((sum, entry) => sum + entry.seconds, 0).toFixed(3),
  };
}
