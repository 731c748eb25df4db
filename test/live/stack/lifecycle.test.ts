import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("life");
const stack = ["--stack", name];

interface Status {
  hosts: { name: string; state: string }[];
}

async function cycle(): Promise<void> {
  await sandbox.configure(name, { lab: "swarm-basics" });
  const first = await drydockJson<UpReport>("up", ...stack);
  expect(first).toMatchObject({ changed: true, updated: 0, deleted: 0 });

  const second = await drydockJson<UpReport>("up", ...stack);
  expect(second).toMatchObject({ changed: false, created: 0, updated: 0, deleted: 0 });
  expect(second.outputs).toEqual(first.outputs);
  expect(second.same).toBe(first.created);

  const status = await drydockJson<Status>("status", ...stack);
  expect(status.hosts.map(({ name }) => name)).toEqual(["host-1", "host-2", "host-3"]);
  await drydockExits(0, "exec", ...stack, "host-2", "--", "docker", "run", "--rm", "busybox", "hostname", "-f");

  const used = await usedObjects();
  expect(used).toEqual(expect.arrayContaining([`network drydock-${name}`, `volume drydock-${name}-host-1-docker`]));

  const gone = await drydockJson<DownReport>("down", ...stack);
  expect(gone.left).toEqual([]);
  expect(gone.removed).toEqual(expect.arrayContaining([`container drydock-${name}-host-1`, `network drydock-${name}`]));
  expect(await stillThere(used)).toEqual([]);
}

test("a stack comes up, stays as it is, and goes without a trace", async () => {
  const ssh = join(sandbox.user, ".ssh");
  await mkdir(ssh, { mode: 0o700 });
  await writeFile(join(ssh, "config"), "Host example\n  User ada\n", { mode: 0o600 });
  // The first cycle makes what a home has for good.
  await cycle();
  const before = await takeInventory(sandbox);
  await cycle();
  const after = await takeInventory(sandbox);

  expect(after).toEqual(before);
  expect(after).toMatchObject({ objects: [], processes: [] });
  expect(after.files.filter((line) => line.includes(name))).toEqual([]);
  await drydockExits(2, "status", ...stack);
});
