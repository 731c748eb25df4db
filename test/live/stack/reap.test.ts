import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../../../engine/wait.ts";
import { expiredStacks, type Reaped } from "../../../stacks/reap.ts";
import { makeOwnSettings, ownSettingsFile } from "../../../stacks/stack.ts";
import { drydockExits, drydockJson, startDrydock } from "../support/drydock.ts";
import { stillThere, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const lab = "private-registry";
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
const reap = () => drydockJson<Reaped[]>("reap");
const objectsOf = async (stack: string) => (await usedObjects()).filter((object) => object.includes(stack));

test("what is past its expiry goes, without state and settings, too; what is not, or was given more time, stays", async () => {
  const [lost, given, endless] = ["lost", "given", "endless"].map((name) => testStack(name)) as [
    string,
    string,
    string,
  ];
  const expiry = inSeconds(45);
  await sandbox.configure(lost, { lab, expiry });
  const place = await sandbox.configure(given, { lab, expiry });
  await sandbox.configure(endless, { lab });
  for (const stack of [lost, given, endless]) await drydockExits(0, "up", "--stack", stack);
  expect(await reap()).toEqual([]);

  await makeOwnSettings(given, { ...place, lab, expiry: inSeconds(3_600) });
  await rm(ownSettingsFile(lost));
  await rm(join(sandbox.home, "state"), { recursive: true });
  await waitFor<true>({
    what: "the expiry to be past",
    deadlineMs: 60_000,
    look: () => Promise.resolve(new Date(expiry) < new Date() ? { value: true } : { waiting: "not yet" }),
  });

  // One that cannot tell when it expires keeps no other from going.
  const odd = testStack("odd");
  await makeOwnSettings(odd, { lab, expiry: "some day" });
  const used = await objectsOf(lost);
  expect(used).toHaveLength(3);
  const { stdout, exitCode } = await startDrydock("reap", "--json");
  expect(exitCode).toBe(1);
  expect(JSON.parse(stdout)).toEqual([
    { stack: odd, left: [expect.stringContaining("drydock:expiry") as string] },
    { stack: lost, expiry, left: [] },
  ]);
  await rm(ownSettingsFile(odd));
  expect(await stillThere(used)).toEqual([]);
  for (const stack of [given, endless]) expect(await objectsOf(stack)).toHaveLength(3);

  expect((await expiredStacks(new Date(Date.now() + 7_200_000))).map(({ stack }) => stack)).toEqual([given]);
  for (const stack of [given, endless]) await drydockExits(0, "down", "--stack", stack);
});
