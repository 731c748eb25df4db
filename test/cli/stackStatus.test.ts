import { spawnSync } from "node:child_process";
import type { ServerChannel } from "ssh2";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SwarmNode } from "../../cli/hostAnswer.ts";
import { seenOf, stackStatus } from "../../cli/stackStatus.ts";
import { statusText } from "../../cli/views/statusText.ts";
import { label } from "../../stacks/labels.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { fakeEngine, type Answer } from "../engine/fakeEngine.ts";
import { keyPair, sshServer } from "../engine/sshServer.ts";
import { plannedHost, swarmOutputs, swarmPlan } from "./samples.ts";
import { upStack } from "./upStack.ts";

/** An outer engine that runs the stack's containers, made by that home. */
async function outerEngineOf(home: string): Promise<void> {
  const containers = [...swarmPlan.hosts.map(({ container }) => container), swarmPlan.registry.container];
  const Labels = { ...swarmPlan.labels, [label.home]: home };
  const list = containers.map((name) => ({ Names: [`/${name}`], State: "running", Labels }));
  const outer = await fakeEngine(({ route }) => ({ status: 200, json: route === "GET /_ping" ? "OK" : list }));
  vi.stubEnv("DOCKER_HOST", outer.url);
}

beforeEach(() => outerEngineOf(swarmPlan.labels[label.home] ?? ""));
afterEach(() => vi.unstubAllEnvs());

const learner = keyPair();

const ok = (json: unknown): Answer => ({ status: 200, json });
const noLeader: Answer = { status: 503, json: { message: "The swarm does not have a leader." } };

/** A host whose engine answers these, and its version. */
async function hostThat(answers: Record<string, Answer>) {
  const version = ok({ Version: "28.5.2" });
  const engine = await fakeEngine(({ route }) => ({ "GET /version": version, ...answers })[route] ?? { status: 404 });
  return (await sshServer({ engineSocket: engine.socket, learner, exec: runHere })).target;
}

function runHere(command: string, channel: ServerChannel) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  channel.write(stdout);
  channel.stderr.write(stderr);
  channel.exit(status ?? 255);
  channel.end();
}

const info = (NodeID: string, ControlAvailable = false) => ok({ Swarm: { NodeID, ControlAvailable } });

const node = (number: number, state = "ready", changes: Partial<SwarmNode> = {}): SwarmNode => ({
  ID: `node-${number}`,
  Description: { Hostname: plannedHost(swarmPlan, number - 1).name },
  Spec: { Role: number === 1 ? "manager" : "worker", Availability: "active" },
  Status: { State: state },
  ManagerStatus: number === 1 ? { Leader: true } : undefined,
  ...changes,
});

const overlay = {
  Scope: "swarm",
  Driver: "overlay",
  Ingress: false,
  Attachable: true,
  Options: { "com.docker.network.driver.mtu": "1500", encrypted: "" },
};
const networks = [
  { ...overlay, Name: "ingress", Ingress: true, IPAM: { Config: [{ Subnet: "10.9.0.0/24" }] } },
  { ...overlay, Name: "mine", IPAM: { Config: [{ Subnet: "10.9.1.0/24" }] } },
  { ...overlay, Name: "bridge", Scope: "local", Driver: "bridge", IPAM: { Config: null } },
];

/** Two hosts whose manager knows these nodes. */
async function swarmOf(nodes: SwarmNode[], changes: Partial<StackOutputs> = {}) {
  const manager = { "GET /info": info("node-1", true), "GET /nodes": ok(nodes), "GET /networks": ok(networks) };
  return upStack([await hostThat(manager), await hostThat({ "GET /info": info("node-2") })], changes);
}

const text = async (stack: Awaited<ReturnType<typeof upStack>>) =>
  statusText(await stackStatus(stack), (_format, shown) => shown);

test("networks are those that the Swarm has now, the learner's own too", async () => {
  const status = await stackStatus(await swarmOf([node(1), node(2)]));
  expect(status.up).toBe(true);
  expect(status.networks).toEqual([
    { name: "mine", driver: "overlay", subnet: "10.9.1.0/24", mtu: 1424, encrypted: true, attachable: true },
  ]);
});

test("a picture shows what the hosts are now, whatever was planned", async () => {
  const seen = seenOf(await stackStatus(await swarmOf([node(1), node(2)])));
  expect(plannedHost(swarmPlan, 1).role).toBe("manager");
  expect(seen.roles).toEqual(
    new Map([
      ["manager-1", "manager"],
      ["manager-2", "worker"],
    ]),
  );
  expect(seen.networks.map(({ name }) => name)).toEqual(["mine"]);
});

test("a node that is down is not up, though its host answers", async () => {
  const stack = await swarmOf([node(1), node(2, "down")]);
  expect((await stackStatus(stack)).up).toBe(false);
  expect(await text(stack)).toContain("manager-2: the Swarm's managers see it as down");
});

test("a node that Drydock made and that is gone is not up", async () => {
  const swarm = { clusterId: "c", managers: ["manager-1", "manager-2"], workers: [], ingress: "host" as const };
  const stack = await swarmOf([node(1)], { swarm });
  expect((await stackStatus(stack)).up).toBe(false);
  const shown = await text(stack);
  expect(shown).toContain("manager-2: it is no longer a node of the Swarm");
  expect(shown).toContain("published ports are reached on the nodes that run a task");
});

test("a host that never was in the Swarm is no matter", async () => {
  expect((await stackStatus(await swarmOf([node(1)]))).up).toBe(true);
});

test("a manager that lost its quorum lives, and says so", async () => {
  const target = await hostThat({ "GET /info": info("node-1", true), "GET /nodes": noLeader, "GET /networks": ok([]) });
  const stack = await upStack([target]);
  const status = await stackStatus(stack);
  expect(status).toMatchObject({ up: false, networks: swarmOutputs.networks });
  expect(status.hosts[0]).toMatchObject({ engine: "28.5.2", node: { role: "manager", state: "no quorum" } });
  expect(await text(stack)).toMatch(/manager-1 .* 28\.5\.2 +manager, no quorum\n[^]*has no quorum.*not have a leader/);
});

test("a component that does not work makes the stack not up, and says why in its own words", async () => {
  const part = { kind: "private registry", host: plannedHost(swarmPlan, 0).name, address: "manager-1:5000" };
  const stack = await swarmOf([node(1), node(2)], {
    components: [
      { ...part, name: "well", probe: "true" },
      { ...part, name: "ill", probe: "echo details; echo its volume is full; exit 1" },
      { ...part, name: "dumb", probe: "exit 3" },
      { ...part, name: "lost", probe: "true", host: "manager-3" },
    ],
  });
  const status = await stackStatus(stack);
  expect(status.up).toBe(false);
  expect(status.components.map(({ name, problem }) => [name, problem])).toEqual([
    ["well", undefined],
    ["ill", "its volume is full"],
    ["dumb", "its probe exited with 3 and said nothing"],
    ["lost", expect.stringContaining("known")],
  ]);
});

test("of hosts of another lab nothing is asked, and that is said", async () => {
  const status = await text(await swarmOf([node(1), node(2)], { lab: "swarm-basics" }));
  expect(status).toContain("not up");
  expect(status).toContain("it holds lab swarm-basics, and its file says swarm-failover");
});

test("containers of another home's stack of that name are not taken for its own", async () => {
  await outerEngineOf("elsewhere:/home/.drydock#12345678");
  const { hosts, registry } = await stackStatus(await swarmOf([node(1), node(2)]));
  expect([registry?.container, ...hosts.map(({ container }) => container)]).toEqual(["missing", "missing", "missing"]);
});

test.each([
  ["2020-01-01T00:00:00.000Z", true, /expired \d+ days ago, at 2020-01-01T00:00:00.000Z: it may be removed/],
  ["2099-01-01T00:00:00.000Z", false, /expires 2099-01-01T00:00:00.000Z/],
  [new Date(Date.now() + 7_500_000).toISOString(), false, /expires in 2 h \d min, at 2/],
])("an expiry of %s is told as what it is", async (expiry, expired, words) => {
  const stack = await swarmOf([node(1), node(2)]);
  const expiring = { ...stack, plan: { ...stack.plan, expiry } };
  expect(await stackStatus(expiring)).toMatchObject({ expiry, expired });
  expect(await text(expiring)).toMatch(words);
});
