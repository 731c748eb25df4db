import { expect, test } from "vitest";
import { junit, suiteOfChecks } from "../../cli/junit.ts";
import { fail, notApplicable, pass } from "../../labs/check.ts";

test("a report counts, and keeps evidence, hint and reason", () => {
  const base = { step: 1, milliseconds: 1500 };
  const xml = junit([
    suiteOfChecks("swarm-basics", [
      { ...base, id: "one", title: "Formed", verdict: pass("3 nodes") },
      { ...base, id: "two", title: "Scaled", verdict: fail("1 replica", "scale it") },
      { ...base, id: "three", title: "Meshed", verdict: notApplicable("no ip_vs") },
    ]),
  ]);
  expect(xml).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites tests="3" failures="1" skipped="1" time="4.500">/,
  );
  expect(xml).toContain(
    '<testcase classname="swarm-basics" name="step 1: Formed (one)" time="1.500"><system-out>3 nodes</system-out>',
  );
  expect(xml).toContain('<failure message="1 replica">scale it</failure>');
  expect(xml).toContain('<skipped message="no ip_vs"/>');
});

test("whatever a command printed is text in it", () => {
  const xml = junit([
    { name: "<&\"'>", cases: [{ name: "a", seconds: 0, output: "\u001b[31m]]></system-out>\u0000" }] },
  ]);
  expect(xml).toContain('name="&lt;&amp;&quot;&apos;&gt;"');
  expect(xml).toContain("<system-out>\ufffd[31m]]&gt;&lt;/system-out&gt;\ufffd</system-out>");
});
