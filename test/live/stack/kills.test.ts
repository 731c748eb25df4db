import { beforeAll, expect, test } from "vitest";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { waitFor } from "../../../engine/wait.ts";
import { drydockExits, drydockJson, startDrydock } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { randomOf } from "../support/random.ts";
import { useSandbox } from "../support/sandbox.ts";
import { kill, victims, type Victim } from "../support/victims.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const stack = testStack("kills");
const wanted = Number(process.env.DRYDOCK_TEST_KILLS ?? 20);
const seed = Number(process.env.DRYDOCK_TEST_SEED ?? Date.now() % 1_000_000);

/** How long each command takes when nobody kills it, in milliseconds. */
const expectedMs = { up: 0, down: 0 };

beforeAll(async () => {
  for (const command of ["up", "down"] as const) {
    await sandbox.configure(stack, { lab: "swarm-basics" });
    const begun = performance.now();
    await drydockJson(command, "--stack", stack);
    expectedMs[command] = performance.now() - begun;
  }
});

test(
  `after ${wanted} kills at random moments, up converges or down leaves nothing`,
  { timeout: 1_800_000 },
  async () => {
    console.log(`DRYDOCK_TEST_SEED=${seed}`);
    const random = randomOf(seed);
    const names = Object.keys(victims) as Victim[];
    let stands = false;
    let kills = 0;
    for (let round = 0; kills < wanted; round++) {
      expect(round, "rounds, as a command may end before its kill").toBeLessThan(2 * wanted);
      const command = stands ? "down" : "up";
      const victim = names[kills % names.length] ?? "Pulumi";
      const moment = random();
      const recovery = random() < 0.5 ? "up" : "down";
      await sandbox.configure(stack, { lab: "swarm-basics" });

      const child = startDrydock(command, "--stack", stack);
      const killedMs = await kill(child, victim, { moment, expectedMs: expectedMs[command] });
      const { exitCode, all } = await child;
      if (killedMs !== undefined) kills++;
      const what = `kill ${kills}: ${victim}, ${Math.round(killedMs ?? 0)} ms into ${command}; then ${recovery}`;
      console.log(killedMs === undefined ? `${command} ended before ${victim} could be killed` : what);
      try {
        await (recovery === "up" ? converges() : leavesNothing());
      } catch (error) {
        throw new Error(`${what}. The killed command exited with ${exitCode}:\n${all}`, { cause: error });
      }
      stands = recovery === "up";
    }
  },
);

async function converges(): Promise<void> {
  await sandbox.configure(stack, { lab: "swarm-basics" });
  await drydockJson<UpReport>("up", "--stack", stack);
  expect(await drydockJson<UpReport>("up", "--stack", stack)).toMatchObject({ changed: false });
  await drydockExits(0, "exec", "--stack", stack, "host-3", "--", "docker", "version");
  await noProcesses();
}

async function leavesNothing(): Promise<void> {
  const used = await usedObjects();
  expect(await drydockJson<DownReport>("down", "--stack", stack)).toMatchObject({ left: [] });
  const { objects, files } = await takeInventory(sandbox);
  expect(objects).toEqual([]);
  expect(await stillThere(used)).toEqual([]);
  expect(files.filter((line) => line.includes(stack))).toEqual([]);
  await noProcesses();
}

/** What outlived its Pulumi was told to end, which takes a moment. */
async function noProcesses(): Promise<void> {
  await waitFor({
    what: "the processes of killed commands to end",
    deadlineMs: 5_000,
    look: async () => {
      const { processes } = await takeInventory(sandbox);
      return processes.length === 0 ? { value: true } : { waiting: processes.join("\n") };
    },
  });
}
