import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CohortUpReport } from "../../../cohort/lifecycle.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { label } from "../../../stacks/labels.ts";
import { makeOwnSettings, ownSettingsFile } from "../../../stacks/stack.ts";
import { drydock, drydockExits, drydockJson } from "../support/drydock.ts";
import { useRemoteMachines, type RemoteMachine } from "../support/remoteMachines.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();
const { machines, know } = useRemoteMachines(sandbox, 2);

const name = testStack("spread");
const stack = ["--stack", name];
const lab = "private-registry";
const stackOf = (learner: string) => `${name}-${learner}-${lab}`;
/** Nothing listens there. */
const dead = "ssh://root@127.0.0.1:1";

const configure = (...learners: string[]) =>
  makeOwnSettings(name, { learners, labs: [lab], engines: [...machines.map(({ url }) => url), dead] });

/** Ids of a machine's containers of the cohort, which change when they are made anew, by stack. */
async function standingOn({ docker }: RemoteMachine): Promise<Record<string, string[]>> {
  const containers = (await labelledObjects(docker, { cohort: name })).filter(({ kind }) => kind === "container");
  const byStack = Map.groupBy(containers, ({ labels }) => labels[label.stack] ?? "");
  return Object.fromEntries([...byStack].map(([stack, own]) => [stack, own.map(({ id }) => id).toSorted()]));
}

/** The machine that a learner's stack is on. */
async function machineOf(learner: string): Promise<RemoteMachine> {
  for (const machine of machines) if (stackOf(learner) in (await standingOn(machine))) return machine;
  throw new Error(`${learner} is on no machine`);
}

test("each learner is placed whole on one engine, where most room is, and not where nothing answers", async () => {
  await know();
  await configure("ada", "grace");
  const { seats, engines } = await drydockJson<CohortPlan>("cohort", "plan", ...stack);
  expect(seats.map(({ engine }) => engine).toSorted()).toEqual(machines.map(({ url }) => url).toSorted());
  expect(engines).toMatchObject([
    ...machines.map(({ url }) => ({ url, memoryMib: expect.any(Number) as number })),
    { url: dead, problem: expect.any(String) as string },
  ]);

  expect(await drydockExits(0, "cohort", "up", ...stack)).toContain(`Nobody new is placed on ${dead}`);
  // Two machines with as much room take turns at having more of it, so which of them is whose may differ from the plan.
  for (const machine of machines)
    expect(Object.values(await standingOn(machine)).map((ids) => ids.length)).toEqual([3]);
  expect(await labelledObjects(await outerEngine(), { cohort: name })).toEqual([]);
  await drydockExits(0, "cohort", "status", ...stack);
});

test("with an engine that does not answer its learners' stacks fail by its name, the others stand; later up makes good", async () => {
  const [adas, graces] = [await machineOf("ada"), await machineOf("grace")];
  const before = await standingOn(adas);
  await graces.container.pause();
  const failed = await drydock("cohort", "up", ...stack);
  const status = await drydock("cohort", "status", ...stack);
  await graces.container.unpause();

  expect(failed.code, failed.text).not.toBe(0);
  expect(failed.text).toContain(stackOf("grace"));
  expect(failed.text).toContain(`No Docker engine answers at ${graces.url}`);
  expect(failed.text).not.toContain(stackOf("ada"));
  expect(status.code).toBe(1);

  const stands = await standingOn(graces);
  await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  expect(await standingOn(adas)).toEqual(before);
  expect(await standingOn(graces)).toEqual(stands);
});

test("a learner moves on request alone, and nobody else with them", async () => {
  const [adas, graces] = [await machineOf("ada"), await machineOf("grace")];
  const before = await standingOn(adas);
  expect(await drydockExits(2, "cohort", "move", ...stack, "--learner", "alan", "--engine", adas.url)).toContain(
    "alan",
  );
  expect(await drydockExits(2, "cohort", "move", ...stack, "--learner", "grace", "--engine", "ssh://lab9")).toContain(
    "drydock:engines",
  );

  await drydockExits(0, "cohort", "move", ...stack, "--learner", "grace", "--engine", adas.url);
  expect(await standingOn(graces)).toEqual({});
  expect(await standingOn(adas)).toMatchObject(before);
  expect((await machineOf("grace")).url).toBe(adas.url);
  await drydockExits(0, "cohort", "status", ...stack);
});

test("down asks every engine, for stacks without state and settings, too", async () => {
  await rm(join(sandbox.home, "state"), { recursive: true });
  await rm(ownSettingsFile(stackOf("ada")));
  // The engine where nothing is, and nothing answers, cannot tell so.
  const { code, text } = await drydock("cohort", "down", ...stack);
  expect(code, text).toBe(1);
  expect(text).toContain(dead);
  for (const machine of machines) expect(await labelledObjects(machine.docker, { cohort: name })).toEqual([]);

  await makeOwnSettings(name, { learners: ["ada"], labs: [lab], engines: machines.map(({ url }) => url) });
  await drydockExits(0, "cohort", "down", ...stack);
  await drydockExits(0, "audit", "--stack", stackOf("ada"));
});
