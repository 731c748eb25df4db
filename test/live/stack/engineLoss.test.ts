import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import { useOwnEngine } from "../support/ownEngine.ts";
import { said } from "../support/said.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("loss");
const settings = () => makeOwnSettings(name, { lab: "overlay-vxlan" });

beforeAll(settings);

const engine = useOwnEngine(sandbox, name);

const start = (command: string, ...args: string[]) => engine.start(command, "--stack", name, ...args);

/** Runs a command; @throws Error with what it said when it exits otherwise. */
async function exits(wanted: number, command: string, ...args: string[]): Promise<string> {
  const { exitCode, all } = await start(command, ...args);
  expect(exitCode, `drydock ${command} said:\n${all}`).toBe(wanted);
  return all;
}

async function converges(): Promise<void> {
  await exits(0, "up");
  expect(await exits(0, "up")).toContain("nothing to do");
  await exits(0, "exec", "worker-1", "--", "docker", "version");
}

async function leavesNothing(): Promise<void> {
  await exits(0, "down");
  await exits(0, "audit");
  expect(await labelledObjects(engine.docker, {})).toEqual([]);
}

const lost = (command: string) => `The Docker engine at ${engine.url} was lost during \`drydock ${command}\`.`;

describe("an engine that is lost", () => {
  beforeEach(settings);

  test("in the middle of up: it is named, and when it is back up converges and down leaves nothing", async () => {
    const up = start("up");
    await said(up, "Lab network");
    await engine.kill();
    const { exitCode, all } = await up;
    expect({ exitCode, lost: all.includes(lost("up")) }, all).toEqual({ exitCode: 3, lost: true });
    expect(all).toContain("Start the engine");

    for (const command of ["up", "reset", "down"]) {
      const text = await exits(3, command);
      expect(text).toContain(engine.url);
      expect(text).toContain("DOCKER_HOST names it");
    }

    await engine.revive();
    await converges();
    await leavesNothing();
  });

  test("in the middle of reset, when the hosts are gone: it is named, and up makes them", async () => {
    await exits(0, "up");
    const reset = start("reset");
    await said(reset, "Lab network");
    await engine.kill();
    const { exitCode, all } = await reset;
    expect({ exitCode, lost: all.includes(lost("reset")) }, all).toEqual({ exitCode: 3, lost: true });

    await engine.revive();
    await converges();
  });

  test("in the middle of down: it is named, and a later down leaves nothing", async () => {
    await exits(0, "up");
    const before = (await labelledObjects(engine.docker, {})).length;
    const down = start("down");
    const now = async () => (await labelledObjects(engine.docker, {})).length;
    await expect.poll(now, { interval: 5, timeout: 60_000 }).toBeLessThan(before);
    await engine.kill();
    const { exitCode, all } = await down;
    expect({ exitCode, lost: all.includes(lost("down")) }, all).toEqual({ exitCode: 3, lost: true });

    await engine.revive();
    await leavesNothing();
  });
});

describe("an engine that is restarted", () => {
  beforeEach(settings);

  test.each(["Lab network", "Registry", "Engine of"])(
    "during up, at %s: the next up converges, and down leaves nothing",
    async (moment) => {
      const up = start("up");
      await said(up, moment);
      await engine.restart();
      const { exitCode, all } = await up;
      expect([0, 3], all).toContain(exitCode);
      if (exitCode === 3) expect(all).toContain(lost("up"));
      await converges();
      await leavesNothing();
    },
  );

  test("after up: up converges, and down leaves nothing", async () => {
    await exits(0, "up");
    await engine.restart();
    await converges();
    await engine.restart();
    await leavesNothing();
  });
});
