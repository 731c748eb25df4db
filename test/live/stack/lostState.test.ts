import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("lost");
const stack = ["--stack", name];
const stateFile = () => join(sandbox.home, "state", ".pulumi", "stacks", "drydock", `${name}.json`);

beforeEach(async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  await drydockJson("up", ...stack);
});

afterEach(async () => {
  await drydockJson("down", ...stack);
});

async function goneByLabels(): Promise<void> {
  const used = await usedObjects();
  expect(used).not.toEqual([]);
  expect(await drydockJson<DownReport>("down", ...stack)).toMatchObject({ left: [] });
  const { objects, files, processes } = await takeInventory(sandbox);
  expect({ objects, processes, used: await stillThere(used) }).toEqual({ objects: [], processes: [], used: [] });
  expect(files.filter((line) => line.includes(name))).toEqual([]);
}

async function converges(): Promise<void> {
  await sandbox.configure(name, { lab: "swarm-basics" });
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: true });
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });
  await drydockExits(0, "exec", ...stack, "host-1", "--", "docker", "version");
}

test("with its state deleted, down goes by labels and leaves nothing", async () => {
  await rm(stateFile());
  await goneByLabels();
});

test("with all of Pulumi's state deleted, up converges", async () => {
  await rm(join(sandbox.home, "state"), { recursive: true });
  await converges();
});

test.each([
  ["cut off", (text: string) => text.slice(0, text.length / 2)],
  ["garbage", () => "\0\0\0\0"],
  ["empty", () => ""],
])("with a state that is %s, up says what to do, down works, and then up works", async (_, damage) => {
  await writeFile(stateFile(), damage(await readFile(stateFile(), "utf8")));
  const refused = await drydockExits(3, "up", ...stack);
  expect(refused).toContain(stateFile());
  expect(refused).toContain(`./drydock down --stack ${name}`);
  await goneByLabels();
  await converges();
});

test("with operations that never ended in its state, up converges", async () => {
  const state = JSON.parse(await readFile(stateFile(), "utf8")) as {
    checkpoint: { latest: { resources: { urn: string }[]; pending_operations?: unknown[] } };
  };
  const { latest } = state.checkpoint;
  const cut = latest.resources.findIndex(({ urn }) => urn.endsWith("HostContainer::host-2"));
  const [creating, ...dependents] = latest.resources.splice(cut);
  expect(creating?.urn).toContain("host-2");
  latest.pending_operations = [{ resource: creating, type: "creating" }];
  await writeFile(stateFile(), JSON.stringify(state));
  expect(dependents).not.toEqual([]);
  await converges();
});

test("without its settings, down leaves nothing", async () => {
  await rm(join(sandbox.home, "settings"), { recursive: true });
  await goneByLabels();
});

test("without the passphrase, down leaves nothing, and then up works", async () => {
  await rm(join(sandbox.home, "passphrase"));
  await goneByLabels();
  await converges();
});

test("with all of its home but the tools deleted, up makes the stack anew", async () => {
  const names = (await readdir(sandbox.home)).filter((entry) => entry !== "tools");
  for (const entry of names) await rm(join(sandbox.home, entry), { recursive: true });
  await converges();
});

// The last one, as the tools go too.
test("with its whole home deleted, down leaves nothing", async () => {
  const used = await usedObjects();
  await rm(sandbox.home, { recursive: true });
  expect(await drydockJson<DownReport>("down", ...stack)).toMatchObject({
    removed: expect.arrayContaining([`container drydock-${name}-host-1`]) as string[],
    left: [],
  });
  expect(await takeInventory(sandbox)).toMatchObject({ objects: [], processes: [] });
  expect(await stillThere(used)).toEqual([]);
  await drydockExits(0, "audit", ...stack);
});
