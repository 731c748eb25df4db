import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { waitFor } from "../../../engine/wait.ts";
import { processes } from "../../../stacks/processes.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson, startDrydock } from "../support/drydock.ts";
import { takeInventory } from "../support/inventory.ts";
import { said } from "../support/said.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("locks");
const stack = ["--stack", name];

beforeEach(() => sandbox.configure(name, { lab: "swarm-basics" }));

afterEach(async () => {
  await drydockJson("down", ...stack);
});

test("of two ups at once the second waits, tells for whom, and finds all done", async () => {
  const both = [startDrydock("up", ...stack), startDrydock("up", ...stack)];
  const [one, other] = (await Promise.all(both)).map(({ exitCode, all }) => ({ exitCode, text: all }));
  const waited = [one, other].filter((up) => up?.text.includes("is held by"));

  expect([one?.exitCode, other?.exitCode]).toEqual([0, 0]);
  expect(waited).toHaveLength(1);
  expect(waited[0]?.text).toMatch(new RegExp(`Stack ${name} is held by .*process \\d+ on .*drydock up`));
  expect(waited[0]?.text).toContain("nothing to do");
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });
});

test("a down during an up waits for it, and then leaves nothing", async () => {
  const up = startDrydock("up", ...stack);
  await said(up, "Lab network");
  const gone = await drydockJson<DownReport>("down", ...stack);

  expect((await up).exitCode).toBe(0);
  expect(gone.left).toEqual([]);
  expect((await takeInventory(sandbox)).objects).toEqual([]);
});

test("locks of Pulumis that are dead hold nobody up", async () => {
  const dead = spawn("true");
  await new Promise((resolve) => dead.once("exit", resolve));
  const stranger = spawn("sleep", ["600"]);
  onTestFinished(() => void stranger.kill());
  for (const pid of [dead.pid, await zombie(), stranger.pid]) await lockAs(pid);

  expect(await drydockExits(0, "up", ...stack)).not.toContain("is held by");
});

test("a Pulumi at work by hand is waited for, and named", async () => {
  const working = spawn(await fakePulumi(), ["600"]);
  onTestFinished(() => void working.kill());
  await lockAs(working.pid);

  const down = startDrydock("down", ...stack);
  expect(await said(down, "is held by")).toContain(`is held by Pulumi, process ${working.pid} on ${hostname()}`);
  working.kill();
  expect((await down).exitCode).toBe(0);
});

/** Leaves a lock as Pulumi's file backend writes it. */
async function lockAs(pid: number | undefined): Promise<void> {
  const folder = join(sandbox.home, "state", ".pulumi", "locks", "organization", "drydock", name);
  await mkdir(folder, { recursive: true });
  const lock = { pid, username: "ada", hostname: hostname(), timestamp: new Date().toISOString() };
  await writeFile(join(folder, `${pid}.json`), JSON.stringify(lock));
}

/** A program that is called pulumi, and sleeps. */
async function fakePulumi(): Promise<string> {
  const folder = join(sandbox.root, "tmp", "fake");
  const program = join(folder, "pulumi");
  await mkdir(folder, { recursive: true });
  await symlink("/bin/sleep", program).catch(() => undefined);
  return program;
}

/** A Pulumi that has ended, and that its parent does not collect. */
async function zombie(): Promise<number> {
  const parent: ChildProcess = spawn("sh", ["-c", '"$0" 0 & exec sleep 600', await fakePulumi()]);
  onTestFinished(() => void parent.kill());
  return waitFor<number>({
    what: "a zombie",
    deadlineMs: 5_000,
    look: async () => {
      const found = (await processes()).find((process) => process.parent === parent.pid && process.zombie);
      return found ? { value: found.pid } : { waiting: "its parent still collects it" };
    },
  });
}
