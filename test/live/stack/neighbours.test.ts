import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { beforeAll, expect, test } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const left = testStack("left");
const right = testStack("right");

let engine: Docker;

beforeAll(async () => {
  engine = await outerEngine();
});

/** All that a stack is: its objects and since when they run, its files and its outputs. */
async function look(stack: string) {
  const filters = { label: [`drydock.stack=${stack}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  const since = containers.map(async ({ Id: id }) => {
    const { Name: name, State: state } = await engine.getContainer(id).inspect();
    return `${name} ${id} since ${state.StartedAt}`;
  });
  const folder = join(sandbox.home, "stacks", stack);
  const files = (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name), "utf8")]);
  return {
    containers: (await Promise.all(since)).sort(),
    networks: networks.map(({ Id: id }) => id),
    volumes: volumes.map(({ Name: name }) => name).sort(),
    files: Object.fromEntries(await Promise.all(files)) as Record<string, string>,
    status: await drydockJson("status", "--stack", stack),
  };
}

test("two stacks come up at once, and neither minds the other's up or down, before it or meanwhile", async () => {
  for (const name of [left, right]) await sandbox.configure(name, { lab: "swarm-basics" });
  const ups = await Promise.all([left, right].map((name) => drydockJson<UpReport>("up", "--stack", name)));
  expect(ups.map(({ changed }) => changed)).toEqual([true, true]);

  const leftBefore = await look(left);
  const rightBefore = await look(right);
  expect(leftBefore.containers).toHaveLength(4);
  expect(rightBefore.containers).toHaveLength(4);
  expect(leftBefore.volumes.filter((name) => rightBefore.volumes.includes(name))).toEqual([]);

  expect(await drydockJson<UpReport>("up", "--stack", left)).toMatchObject({ changed: false });
  expect(await look(right)).toEqual(rightBefore);

  expect(await drydockJson<DownReport>("down", "--stack", left)).toMatchObject({ left: [] });
  expect(await look(right)).toEqual(rightBefore);
  expect(await drydockJson<UpReport>("up", "--stack", right)).toMatchObject({ changed: false });
  await drydockExits(0, "exec", "--stack", right, "host-1", "--", "docker", "version");
  expect(await readFile(join(sandbox.user, ".ssh", "config"), "utf8")).toContain("Include");

  await sandbox.configure(left, { lab: "swarm-basics" });
  const [up, down] = await Promise.all([
    drydockJson<UpReport>("up", "--stack", left),
    drydockJson<DownReport>("down", "--stack", right),
  ]);
  expect({ up, down }).toMatchObject({ up: { changed: true }, down: { left: [] } });
  await drydockExits(0, "audit", "--stack", right);
  expect(await drydockJson<UpReport>("up", "--stack", left)).toMatchObject({ changed: false });
  await drydockExits(0, "exec", "--stack", left, "host-3", "--", "docker", "version");

  expect(await drydockJson<DownReport>("down", "--stack", left)).toMatchObject({ left: [] });
  await expect(readFile(join(sandbox.user, ".ssh", "config"))).rejects.toThrow("ENOENT");
});
