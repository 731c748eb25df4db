import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reap } from "../../../stacks/reap.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { makeOwnSettings, ownSettingsFile } from "../../../stacks/stack.ts";
import { drydockExits, startDrydock } from "../support/drydock.ts";
import { stillThere, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const lab = "private-registry";
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const objectsOf = async (stack: string) => (await usedObjects()).filter((object) => object.includes(stack));

test("what is past its expiry goes, without state and settings, too; what is not, or was given more time, stays", async () => {
  const [lost, given, endless] = ["lost", "given", "endless"].map((name) => testStack(name)) as [
    string,
    string,
    string,
  ];
  const expiry = inHours(1);
  await sandbox.configure(lost, { lab, expiry });
  const place = await sandbox.configure(given, { lab, expiry });
  await sandbox.configure(endless, { lab });
  for (const stack of [lost, given, endless]) await drydockExits(0, "up", "--stack", stack);
  expect(await drydockExits(0, "reap")).toContain("No stack is past its expiry");

  await makeOwnSettings(given, { ...place, lab, expiry: inHours(3) });
  await rm(ownSettingsFile(lost));
  await rm(join(sandbox.home, "state"), { recursive: true });
  const used = await objectsOf(lost);
  expect(used).toHaveLength(3);
  expect(await reap(silentReporter, new Date(inHours(2)))).toEqual([{ stack: lost, expiry, left: [] }]);
  expect(await stillThere(used)).toEqual([]);
  for (const stack of [given, endless]) expect(await objectsOf(stack)).toHaveLength(3);
});

test("one that cannot tell when it expires is named, and keeps no other from going", async () => {
  const [odd, old] = [testStack("odd"), testStack("old")];
  await makeOwnSettings(odd, { lab, expiry: "some day" });
  await makeOwnSettings(old, { lab, expiry: inHours(-1) });
  const { stdout, exitCode } = await startDrydock("reap", "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    { stack: odd, left: [expect.stringContaining("drydock:expiry")] },
    { stack: old, expiry: expect.any(String) as string, left: [] },
  ]);
  await rm(ownSettingsFile(odd));
});
