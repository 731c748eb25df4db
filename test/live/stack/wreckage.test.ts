import { mkdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type Docker from "dockerode";
import { beforeAll, expect, test } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { homeLabel } from "../../../stacks/home.ts";
import { label } from "../../../stacks/labels.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("wreck");
const prefix = `drydock-${name}`;
const pulumi = (...path: string[]) => join(sandbox.home, "state", ".pulumi", ...path);

let engine: Docker;

beforeAll(async () => {
  engine = await outerEngine();
});

const container = (host: string) => engine.getContainer(`${prefix}-${host}`);

/** What may have happened to a stack before its `down`. */
const wrecks: Record<string, () => Promise<unknown>> = {
  "a host was killed": () => container("worker-1").kill(),
  "a host was frozen": () => container("worker-1").pause(),
  "the leader was removed with its volume": async () => {
    await container("manager-1").remove({ force: true, v: true });
    await engine.getVolume(`${prefix}-manager-1-docker`).remove();
  },
  "the lab network was removed with all that was on it": async () => {
    await Promise.all(["manager-1", "worker-1", "registry"].map((host) => container(host).remove({ force: true })));
    await engine.getNetwork(prefix).remove();
  },
  "a container that no state knows joined the lab network": async () => {
    const { Config: config } = await container("registry").inspect();
    const stranger = await engine.createContainer({
      name: `${prefix}-stranger`,
      Image: config.Image,
      Labels: { [label.project]: "drydock", [label.stack]: name, [label.home]: homeLabel() },
      HostConfig: { NetworkMode: prefix },
    });
    await stranger.start();
  },
  "a dead Pulumi left its lock": async () => {
    const dead = spawn("true");
    await once(dead, "exit");
    const folder = pulumi("locks", "organization", "drydock", name);
    await mkdir(folder, { recursive: true });
    const lock = { pid: dead.pid, username: "ada", hostname: hostname(), timestamp: new Date().toISOString() };
    await writeFile(join(folder, `${dead.pid}.json`), JSON.stringify(lock));
  },
  "operations never ended": async () => {
    const file = pulumi("stacks", "drydock", `${name}.json`);
    const state = JSON.parse(await readFile(file, "utf8")) as {
      checkpoint: { latest: { resources: { urn: string }[]; pending_operations?: unknown[] } };
    };
    const { latest } = state.checkpoint;
    const cut = latest.resources.findIndex(({ urn }) => urn.endsWith("HostContainer::worker-1"));
    const [creating] = latest.resources.splice(cut);
    expect(creating?.urn).toContain("worker-1");
    latest.pending_operations = [{ resource: creating, type: "creating" }];
    await writeFile(file, JSON.stringify(state));
  },
};

test.each(Object.entries(wrecks))("when %s, down leaves nothing", async (_, wreck) => {
  await sandbox.configure(name, { lab: "overlay-vxlan" });
  await drydockJson("up", "--stack", name);
  const used = await usedObjects();
  await wreck();
  expect(await drydockJson<DownReport>("down", "--stack", name)).toMatchObject({ left: [] });
  await drydockExits(0, "audit", "--stack", name);
  const { objects, files, processes } = await takeInventory(sandbox);
  expect({ objects, processes, used: await stillThere(used) }).toEqual({ objects: [], processes: [], used: [] });
  expect(files.filter((line) => line.includes(name))).toEqual([]);
});
