import { expect, test } from "vitest";
import { removeAbandoned } from "../../../cli/verify/abandonedStacks.ts";
import { waitFor } from "../../../engine/wait.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { tracedStacks } from "../../../stacks/stackFiles.ts";
import { drydockExits, startDrydock, startInGroup } from "../support/drydock.ts";
import { stillThere, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";

useSandbox();

test("what a verify that was killed left, the next one takes away", async () => {
  const run = startInGroup("verify", "private-registry");
  let stack = "";
  const objects = async () => (await usedObjects()).filter((object) => object.includes(stack));
  await waitFor<true>({
    what: "verify to make a host",
    deadlineMs: 120_000,
    everyMs: 50,
    look: async () => {
      stack = (await tracedStacks()).find((name) => name.startsWith("verify-")) ?? "";
      return stack !== "" && (await objects()).length > 0 ? { value: true } : { waiting: "none yet" };
    },
  });
  // One that runs is nobody's to take away.
  await removeAbandoned(silentReporter);
  expect(await objects()).not.toEqual([]);
  process.kill(-(run.pid ?? 0), "SIGKILL");
  await run;
  const left = await objects();
  expect(left).not.toEqual([]);

  const { exitCode, all } = await startDrydock("verify", "private-registry");
  expect(exitCode, all).toBe(0);
  expect(all).toContain(`Stack ${stack}, of a run that was killed`);
  expect(await stillThere(left)).toEqual([]);
  await drydockExits(0, "audit", "--stack", stack);
});
