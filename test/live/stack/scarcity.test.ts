import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import { mainProgram } from "../support/drydock.ts";
import { takeInventory } from "../support/inventory.ts";
import { diskMib, useOwnEngine } from "../support/ownEngine.ts";
import { said } from "../support/said.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("scarce");
const settings = () => makeOwnSettings(name, { lab: "overlay-vxlan" });

beforeAll(settings);
beforeEach(settings);

const engine = useOwnEngine(sandbox, name);

/** Runs a command; @throws Error with what it said when it exits otherwise. */
async function exits(wanted: number, command: string): Promise<string> {
  const { exitCode, all } = await engine.start(command, "--stack", name);
  expect(exitCode, `drydock ${command} said:\n${all}`).toBe(wanted);
  return all;
}

const stackObjects = () => labelledObjects(engine.docker, { stack: name });

const disk = "/var/lib/docker";

/** Makes the engine's disk so small that this much is left on it, in MiB, at once and while others write to it. */
const shrink = (leftMib: number) =>
  engine.run(
    `timeout 10 sh -c 'until mount -o remount,size=$(($(df --output=used ${disk} | tail -1) + ${leftMib * 1024}))k ${disk}; do :; done'`,
  );
const grow = () => engine.run(`mount -o remount,size=${diskMib}m ${disk}`);

test.each(["plan", "up"])("with too little disk, %s says so and makes nothing", async (command) => {
  await shrink(200);
  const text = await exits(3, command);
  await grow();
  expect(text).toMatch(/disk: \d+ MiB there, \d+ needed/);
  expect(await stackObjects()).toEqual([]);
});

test("a disk that is full in the middle of up is told, down takes what it can, and with space nothing is left, and up works", async () => {
  const up = engine.start("up", "--stack", name);
  await said(up, "Lab network");
  await shrink(0);
  const { exitCode, all } = await up;
  expect(exitCode, all).toBe(3);
  expect(all).toContain("no space left on device");

  // An engine without a byte to write may keep a network that it was told to remove.
  const down = await engine.start("down", "--stack", name);
  if (down.exitCode !== 0) expect(down.all).toContain("no space left on device");
  await grow();
  await exits(0, "down");
  await exits(0, "audit");
  expect(await stackObjects()).toEqual([]);

  await settings();
  await exits(0, "up");
  expect(await exits(0, "up")).toContain("nothing to do");
  await exits(0, "down");
  expect(await stackObjects()).toEqual([]);
});

describe("with too little memory", () => {
  const poor = testStack("poor");
  const few = testStack("few");
  let meminfo = "";

  beforeAll(async () => {
    await sandbox.configure(poor, { lab: "overlay-vxlan" });
    await makeOwnSettings(few, { learners: ["ada", "grace"], labs: ["overlay-vxlan"] });
    meminfo = join(sandbox.root, "meminfo");
    const told = await readFile("/proc/meminfo", "utf8");
    await writeFile(meminfo, told.replace(/^MemAvailable:.*$/m, "MemAvailable:     204800 kB"));
  });

  test.each([
    [["plan", "--stack", poor], /memory: 200 MiB there, \d+ needed/],
    [["up", "--stack", poor], /memory: 200 MiB there, \d+ needed/],
    [["cohort", "plan", "--stack", few], /memory: about \d+ MiB needed, 200 MiB there/],
    [["cohort", "up", "--stack", few], /memory: about \d+ MiB needed, 200 MiB there/],
  ])("%s says so and makes nothing", async (args, words) => {
    // The machine's own engine: what the kernel tells of its memory is covered in a mount namespace of the command's.
    const covered = ["--mount", "sh", "-c", `mount --bind ${meminfo} /proc/meminfo && exec "$@"`, "sh"];
    const before = await takeInventory(sandbox);
    const { exitCode, all } = await execa("unshare", [...covered, process.execPath, mainProgram, ...args], {
      reject: false,
      all: true,
      stdin: "ignore",
    });
    expect(exitCode, all).toBe(3);
    expect(all).toMatch(words);
    expect((await takeInventory(sandbox)).objects).toEqual(before.objects);
  });
});
