import { expect, test } from "vitest";
import { counted, tool, type Part } from "../../cli/suite/parts.ts";
import { runSuite } from "../../cli/suite/runSuite.ts";
import { MachineError } from "../../stacks/machineError.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

function suite(parts: Part[], signal = new AbortController().signal) {
  const notes: string[] = [];
  const step = () => ({ progress: () => undefined, done: () => undefined, fail: () => undefined });
  const reporter = { step, note: (text: string) => void notes.push(text) };
  return { notes, result: runSuite(parts, { terminal: fakeTerminal(), reporter, signal }) };
}

test("a part that cannot run is a failure that is told, and the others run", async () => {
  const broken: Part = { title: "Labs", run: () => Promise.reject(new MachineError("No Docker engine answers.")) };
  const { notes, result } = suite([broken, tool("Types", "true")]);
  expect((await result).total).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(notes).toContain("No Docker engine answers.");
});

test("an interruption ends the tool that runs, and starts no other", async () => {
  const abort = new AbortController();
  const { notes, result } = suite([tool("Long", "sleep", "600"), tool("Never", "true")], abort.signal);
  abort.abort();
  expect((await result).parts.map(({ title, failed }) => [title, failed])).toEqual([["Long", 1]]);
  expect(notes.join("\n")).not.toContain("Never");
});

test.each([
  ["a run that passed", 0, { numPassedTests: 2, numFailedTests: 0, numPendingTests: 1 }, [2, 0, 1]],
  ["one with failures", 1, { numPassedTests: 2, numFailedTests: 3, numPendingTests: 0 }, [2, 3, 0]],
  ["one that broke down", 1, { numPassedTests: 2, numFailedTests: 0, numPendingTests: 0 }, [2, 1, 0]],
  ["one without a report", 0, {}, [0, 1, 0]],
  ["one that found no test", 0, { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 }, [0, 1, 0]],
])("%s is counted as it is", (_, code, report, [passed, failed, skipped]) => {
  expect(counted(code, JSON.stringify(report))).toEqual({ passed, failed, skipped });
});
