import { expect, test } from "vitest";
import { gradeStack } from "../../cli/gradeStack.ts";
import { solveStack, stepsText } from "../../cli/solveStack.ts";
import { loadLab } from "../../labs/index.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { upStack } from "./upStack.ts";

const guide = await loadLab("swarm-failover").guide();

test.each([
  [{}, "all steps"],
  [{ from: 2 }, `steps 2 to ${guide.steps.length}`],
  [{ to: 2 }, "steps 1 to 2"],
  [{ from: 2, to: 2 }, "step 2"],
])("%j is told as %j", (steps, text) => expect(stepsText(guide, steps)).toBe(text));

test("a last step before the first is refused", () => {
  expect(() => stepsText(guide, { from: 3, to: 2 })).toThrow("Step 2 comes before step 3: there is nothing to do.");
});

test.each([
  ["check", gradeStack],
  ["solve", solveStack],
])("%s refuses hosts of another lab than the one that the file names now", async (_, act) => {
  const stack = await upStack([], { lab: "swarm-basics" });
  await expect(act(stack, { reporter: silentReporter })).rejects.toMatchObject({
    name: "VisibleError",
    summary: "Stack dev holds lab swarm-basics, its file says swarm-failover.",
    fix: expect.stringContaining("./drydock up") as string,
  });
});
