import { describe, expect, test, vi } from "vitest";
import type { LabDriver } from "../../cli/verify/labDriver.ts";
import { isVerified, resultsText, resultSuites } from "../../cli/verify/results.ts";
import { runPhases, type PhaseResult } from "../../cli/verify/runPhases.ts";
import { fail, notApplicable, pass, type Verdict } from "../../labs/check.ts";
import type { Graded } from "../../labs/grade.ts";
import { BlockError } from "../../labs/solve.ts";
import type { Leftover } from "../../stacks/audit.ts";
import { silentReporter } from "../../stacks/reporter.ts";

const graded = (id: string, verdict: Verdict): Graded => ({ id, step: 1, title: id, verdict, milliseconds: 1 });
const leftover: Leftover = { kind: "volume", name: "lost", detail: "of a host", fix: "docker volume rm lost" };

/** A lab without fault: its checks pass once it is solved, and it goes away. */
function goodDriver(): { [K in keyof LabDriver]: ReturnType<typeof vi.fn<LabDriver[K]>> } {
  let ups = 0;
  let solved = false;
  return {
    up: vi.fn(() => Promise.resolve({ changed: ups++ === 0, created: 9, updated: 0, deleted: 0 })),
    grade: vi.fn(() =>
      Promise.resolve([
        graded("works", solved ? pass("it does") : fail("it does not", "do it")),
        graded("mesh", notApplicable("no ip_vs")),
      ]),
    ),
    solve: vi.fn(() => {
      solved = true;
      return Promise.resolve(4);
    }),
    down: vi.fn(() => Promise.resolve([])),
    audit: vi.fn(() => Promise.resolve([])),
  };
}

const verify = (
  driver: LabDriver,
  signal = new AbortController().signal,
  limits: { timeoutSec?: number; graceSec?: number } = {},
) => runPhases(driver, { lab: "a-lab", reporter: silentReporter, signal, ...limits });

const failedPhases = (results: PhaseResult[]) =>
  results.filter(({ verdict }) => verdict === "failed").map(({ phase }) => phase);

describe("verify", () => {
  test("passes a lab without fault, through every phase", async () => {
    const driver = goodDriver();
    const results = await verify(driver);
    expect(results.map(({ verdict }) => verdict)).toEqual(Array(7).fill("passed"));
    expect(driver.up).toHaveBeenCalledTimes(2);
    expect(driver.grade).toHaveBeenCalledTimes(2);
  });

  test.each<[string, Partial<LabDriver>, string, string]>([
    ["an up that fails", { up: () => Promise.reject(new Error("no room")) }, "up", "no room"],
    [
      "a check that passes before the work",
      { grade: () => Promise.resolve([graded("idle", pass("always"))]) },
      "every check fails before the work",
      "idle: always",
    ],
    [
      "a lab in which no check applies",
      { grade: () => Promise.resolve([graded("mesh", notApplicable("no ip_vs"))]) },
      "every check fails before the work",
      "no ip_vs",
    ],
    [
      "a solution that stops",
      { solve: () => Promise.reject(new BlockError("manager-1", "Step 2 failed on manager-1.")) },
      "the guide's solution runs",
      "Step 2 failed",
    ],
    [
      "a solution that does not do the work",
      { solve: () => Promise.resolve(4) },
      "every check passes after the work",
      "works: it does not",
    ],
    [
      "a second up that changes something",
      { up: () => Promise.resolve({ changed: true, created: 0, updated: 2, deleted: 1 }) },
      "a second up changes nothing",
      "0 created, 2 updated, 1 deleted",
    ],
    ["a teardown that leaves something", { down: () => Promise.resolve([leftover]) }, "down", "volume lost"],
    [
      "a teardown that hides what it left",
      { audit: () => Promise.resolve([leftover]) },
      "the audit finds nothing",
      "docker volume rm lost",
    ],
  ])("catches %s, names the phase, and cleans up", async (_, broken, phase, said) => {
    const driver = { ...goodDriver(), ...broken };
    const down = vi.spyOn(driver, "down");
    const audit = vi.spyOn(driver, "audit");
    const results = await verify(driver);
    expect(failedPhases(results)).toEqual([phase]);
    expect(results.find((result) => result.phase === phase)?.text).toContain(said);
    expect(down).toHaveBeenCalledTimes(1);
    expect(audit).toHaveBeenCalledTimes(1);
    const lab = { lab: "a-lab", stack: "verify-a-lab", results };
    expect(isVerified(lab)).toBe(false);
    expect(resultsText([lab], (_format, text) => text)).toMatch(new RegExp(`✖ ${phase}[^]*0 of 1 labs verified`));
    expect(resultSuites([lab])[0]?.cases.find(({ name }) => name === phase)?.failure?.detail).toContain(said);
  });

  test("skips the work after a failure", async () => {
    const driver = { ...goodDriver(), solve: () => Promise.reject(new Error("stopped")) };
    const results = await verify(driver);
    expect(results.filter(({ verdict }) => verdict === "skipped").map(({ phase, text }) => [phase, text])).toEqual([
      ["every check passes after the work", 'after the failure of "the guide\'s solution runs"'],
      ["a second up changes nothing", 'after the failure of "the guide\'s solution runs"'],
    ]);
  });

  test("cleans up when it is interrupted", async () => {
    const abort = new AbortController();
    const driver = goodDriver();
    driver.solve.mockImplementation(() => {
      abort.abort();
      return new Promise(() => undefined);
    });
    const results = await verify(driver, abort.signal);
    expect(results.find(({ phase }) => phase === "the guide's solution runs")).toMatchObject({
      verdict: "failed",
      text: "interrupted",
    });
    expect(driver.down).toHaveBeenCalledTimes(1);
    expect(driver.grade).toHaveBeenCalledTimes(1);
  });

  test("gives a phase that never ends its deadline", async () => {
    const driver = { ...goodDriver(), grade: () => new Promise<never>(() => undefined) };
    const results = await verify(driver, undefined, { timeoutSec: 0.05 });
    expect(results[1]).toMatchObject({ verdict: "failed", text: "no end within 0.05 s" });
  });

  test("ends an up at its deadline, and cleans up only when it has let go of the stack", async () => {
    const order: string[] = [];
    const up: LabDriver["up"] = (_reporter, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          order.push("interrupted");
          setTimeout(() => {
            order.push("let go");
            reject(new Error("pulumi up was interrupted."));
          }, 20);
        });
      });
    const down = () => {
      order.push("down");
      return Promise.resolve([]);
    };
    const results = await verify({ ...goodDriver(), up, down }, undefined, { timeoutSec: 0.05 });
    expect(results[0]).toMatchObject({ verdict: "failed", text: "no end within 0.05 s" });
    expect(order).toEqual(["interrupted", "let go", "down"]);
  });

  test("says of an up that does not stop that it still runs, and cleans up all the same", async () => {
    const driver = { ...goodDriver(), up: () => new Promise<never>(() => undefined) };
    const results = await verify(driver, undefined, { timeoutSec: 0.05, graceSec: 0.05 });
    expect(results[0]?.text).toBe("no end within 0.05 s, and it still runs 0.05 s later");
    expect(driver.down).toHaveBeenCalledTimes(1);
  });
});
