import { beforeAll, expect, test } from "vitest";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { waitFor } from "../../../engine/wait.ts";
import { drydockExits, drydockJson, startInGroup } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { randomOf } from "../support/random.ts";
import { useSandbox } from "../support/sandbox.ts";
import { kill, victims, type Victim } from "../support/victims.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const stack = testStack("kills");
const seed = Number(process.env.DRYDOCK_TEST_SEED ?? Date.now() % 1_000_000);

type Command = "up" | "down" | "reset";

/** How many times each command is killed. */
const wanted: Record<Command, number> = { up: 10, down: 10, reset: 4 };

/** Whom there is to kill during each; `down` needs no Pulumi. */
const mortal: Record<Command, Victim[]> = {
  up: Object.keys(victims) as Victim[],
  down: ["the command line", "the command line's group, by Ctrl-C", "a host's container"],
  reset: Object.keys(victims) as Victim[],
};

/** How long each command takes when nobody kills it, in milliseconds. */
const expectedMs: Record<Command, number> = { up: 0, down: 0, reset: 0 };

/** The Swarm of a stack that nobody killed. */
let sound = "";

const configure = () => sandbox.configure(stack, { lab: "overlay-vxlan" });

beforeAll(async () => {
  for (const command of ["up", "down"] as const) {
    await configure();
    const begun = performance.now();
    await drydockJson(command, "--stack", stack);
    expectedMs[command] = performance.now() - begun;
    if (command === "up") sound = await lookAtSwarm();
  }
  expectedMs.reset = expectedMs.down + expectedMs.up;
});

test("after every kill at a random moment, up converges or down leaves nothing", { timeout: 1_800_000 }, async () => {
  console.log(`DRYDOCK_TEST_SEED=${seed}`);
  const random = randomOf(seed);
  const killed: Record<Command, number> = { up: 0, down: 0, reset: 0 };
  const isLeft = (command: Command) => killed[command] < wanted[command];
  const total = Object.values(wanted).reduce((sum, count) => sum + count);
  let stands = false;
  for (let round = 0; (["up", "down", "reset"] as const).some(isLeft); round++) {
    expect(round, "rounds, as a command may end before its kill").toBeLessThan(3 * total);
    const possible = (stands ? (["down", "reset"] as const) : (["up"] as const)).filter(isLeft);
    const command = possible[Math.floor(random() * possible.length)];
    if (command === undefined) {
      stands = !stands;
      await (stands ? converges() : leavesNothing());
      continue;
    }
    const victim = mortal[command][killed[command] % mortal[command].length] ?? "Pulumi";
    const recovery = random() < 0.5 ? "up" : "down";
    await configure();

    const begun = performance.now();
    const child = startInGroup(command, "--stack", stack);
    const killedMs = await kill(child, victim, { stack, moment: random(), expectedMs: expectedMs[command] });
    const { exitCode, all } = await child;
    if (killedMs !== undefined) killed[command]++;
    else expectedMs[command] = Math.min(expectedMs[command], performance.now() - begun);
    const count = `${killed[command]} of ${wanted[command]}`;
    const what = `kill ${count} of ${command}: ${victim}, after ${Math.round(killedMs ?? 0)} ms; then ${recovery}`;
    console.log(killedMs === undefined ? `${command} ended before ${victim} could be killed` : what);
    try {
      await (recovery === "up" ? converges() : leavesNothing());
    } catch (error) {
      throw new Error(`${what}. The killed command exited with ${exitCode}:\n${all}`, { cause: error });
    }
    stands = recovery === "up";
  }
});

/** What the manager tells of its nodes and networks. */
function lookAtSwarm(): Promise<string> {
  const nodes = "docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}' | sort";
  const networks = "docker network ls --format '{{.Name}} {{.Driver}}' | sort";
  return drydockExits(0, "exec", "--stack", stack, "manager-1", "--", `${nodes}; ${networks}`);
}

async function converges(): Promise<void> {
  await configure();
  await drydockJson<UpReport>("up", "--stack", stack);
  expect(await drydockJson<UpReport>("up", "--stack", stack)).toMatchObject({ changed: false });
  expect(await lookAtSwarm()).toBe(sound);
  await noProcesses();
}

async function leavesNothing(): Promise<void> {
  const used = await usedObjects();
  expect(await drydockJson<DownReport>("down", "--stack", stack)).toMatchObject({ left: [] });
  await drydockExits(0, "audit", "--stack", stack);
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
    deadlineMs: 10_000,
    look: async () => {
      const { processes } = await takeInventory(sandbox);
      return processes.length === 0 ? { value: true } : { waiting: processes.join("\n") };
    },
  });
}
