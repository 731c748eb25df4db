import { expect, test } from "vitest";
import { labDriver, type LabDriver } from "../../cli/verify/labDriver.ts";
import { verifyLabs } from "../../cli/verify/verifyLabs.ts";
import { outerEngine } from "../../engine/outer.ts";
import { pass } from "../../labs/check.ts";
import { homeLabel } from "../../stacks/home.ts";
import { label } from "../../stacks/labels.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { project } from "../../stacks/stack.ts";

/** Verifies a real lab, broken; answers what failed. What is broken on purpose is cleaned up by the caller. */
async function verifyBroken(breakIt: (driver: LabDriver, stack: string) => Partial<LabDriver>) {
  const [result] = await verifyLabs(["swarm-basics"], {
    jobs: 1,
    reporter: silentReporter,
    signal: new AbortController().signal,
    driver: (stack) => {
      const driver = labDriver(stack);
      return { ...driver, ...breakIt(driver, stack.name) };
    },
  });
  const failed = result?.results.find(({ verdict }) => verdict === "failed");
  return { failed, results: result?.results ?? [] };
}

test("a solution that does nothing is seen, and the lab goes away", async () => {
  const { failed, results } = await verifyBroken(() => ({ solve: () => Promise.resolve(0) }));
  expect(failed?.phase).toBe("every check passes after the work");
  expect(results.slice(-2).map(({ verdict }) => verdict)).toEqual(["passed", "passed"]);
});

test("a check that always passes is seen, and the lab goes away", async () => {
  const { failed, results } = await verifyBroken((driver) => ({
    grade: async (reporter) => {
      const [first, ...rest] = await driver.grade(reporter);
      return first ? [{ ...first, verdict: pass("whatever") }, ...rest] : [];
    },
  }));
  expect(failed?.phase).toBe("every check fails before the work");
  expect(failed?.text).toContain("whatever");
  expect(results.slice(-2).map(({ verdict }) => verdict)).toEqual(["passed", "passed"]);
});

test("a teardown that leaves a volume is seen", async () => {
  const engine = await outerEngine();
  const volumes: string[] = [];
  try {
    const { failed } = await verifyBroken((driver, stack) => ({
      solve: () => Promise.reject(new Error("not needed here")),
      down: async (reporter) => {
        const left = await driver.down(reporter);
        volumes.push(`drydock-${stack}-lost`);
        await engine.createVolume({
          Name: `drydock-${stack}-lost`,
          Labels: { [label.project]: project, [label.stack]: stack, [label.home]: homeLabel() },
        });
        return left;
      },
    })).then(({ results }) => ({ failed: results.at(-1) }));
    expect(failed).toMatchObject({ phase: "the audit finds nothing", verdict: "failed" });
    expect(failed?.text).toContain(volumes[0]);
  } finally {
    for (const name of volumes) await engine.getVolume(name).remove();
  }
});
