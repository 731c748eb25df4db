import { rm } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { beforeAll, expect, test } from "vitest";
import { LiveHosts } from "../../../cli/liveHosts.ts";
import { outerEngine } from "../../../engine/outer.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import { openStack } from "../../../stacks/stack.ts";
import { drydockJson } from "../support/drydock.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const stack = testStack("repairs");
const prefix = `drydock-${stack}`;
const managers = ["manager-1", "manager-2", "manager-3"];
const workers = ["worker-1", "worker-2"];

let engine: Docker;
let hosts: LiveHosts;
let sound: Awaited<ReturnType<typeof look>>;

beforeAll(async () => {
  engine = await outerEngine();
  await sandbox.configure(stack, { lab: "swarm-failover" });
  await drydockJson("up", "--stack", stack);
  hosts = await LiveHosts.of(await openStack(stack));
  sound = await look();
});

/** What `up` is to bring back: the hosts, their places on the network, the Swarm as its members see it. */
async function look() {
  const containers = await engine.listContainers({ all: true, filters: { label: [`drydock.stack=${stack}`] } });
  return {
    containers: containers
      .map(({ Names: [name], State: state, NetworkSettings: { Networks: networks } }) => {
        const addresses = Object.entries(networks).map(([network, { IPAddress: address }]) => `${network} ${address}`);
        return `${name} ${state} ${addresses.join(", ")}`;
      })
      .sort(),
    nodes: await lines("manager-1", `docker node inspect $(docker node ls -q) --format '${node}'`),
    networks: await lines("manager-1", "docker network ls --filter driver=overlay --format '{{.Name}}'"),
    registry: await lines("worker-1", `curl -sS -o /dev/null -w '%{http_code}\\n' ${mirror}/v2/`),
  };
}

const node =
  "{{.Description.Hostname}} {{.Spec.Role}} {{.Spec.Availability}} {{.Spec.Labels}} {{.Status.State}}" +
  "{{with .ManagerStatus}} {{.Reachability}}{{end}}";
const mirror = `$(jq -r '."registry-mirrors"[0]' /etc/docker/daemon.json)`;

/** What a command on a host printed. */
async function lines(host: string, command: string): Promise<string[]> {
  const { code, stdout, stderr } = await hosts.run(host, command);
  if (code !== 0) throw new Error(`${command} on ${host} exited with ${code}: ${stderr}`);
  return stdout.trim().split("\n").sort();
}

test("the stack of these tests is the whole lab", () => {
  expect(sound.containers).toHaveLength(6);
  expect(sound.nodes).toHaveLength(5);
  expect(sound.networks).toEqual(["app", "ingress"]);
  expect(sound.registry).toEqual(["200"]);
});

const container = (host: string) => engine.getContainer(`${prefix}-${host}`);
const removeHost = (host: string) => container(host).remove({ force: true, v: true });
const removeVolume = (host: string) => engine.getVolume(`${prefix}-${host}-docker`).remove();

/** What happens to a stack, and how to do it. */
const damages: Record<string, () => Promise<unknown>> = {
  "a worker that was killed": () => container("worker-1").kill(),
  "a worker that was frozen": () => container("worker-1").pause(),
  "a worker that was removed": () => removeHost("worker-2"),
  "a worker that was removed with its volume": () => removeHost("worker-1").then(() => removeVolume("worker-1")),
  "the leader that was removed with its volume": async () => {
    const leader = await leaderOfSwarm();
    await removeHost(leader);
    await removeVolume(leader);
  },
  "all hosts that were killed at once": () =>
    Promise.all([...managers, ...workers].map((host) => container(host).kill())),
  "a host that was taken off its network": () =>
    engine.getNetwork(prefix).disconnect({ Container: `${prefix}-worker-2` }),
  "an overlay network that was removed": () => lines("manager-1", "docker network rm app"),
  "a worker that left the Swarm": () => lines("worker-1", "docker swarm leave"),
  "a manager that left the Swarm": () => lines("manager-2", "docker swarm leave --force"),
  "a manager that was demoted": () => lines("manager-1", "docker node demote manager-3"),
  "a worker that was promoted": () => lines("manager-1", "docker node promote worker-2"),
  "a label that was changed": () => lines("manager-1", "docker node update --label-add zone=elsewhere worker-1"),
  "a registry that was removed": () => container("registry").remove({ force: true, v: true }),
  "a registry that was stopped": () => container("registry").stop(),
  "a lab network that was removed with all that was on it": async () => {
    await Promise.all([...managers, ...workers, "registry"].map(removeHost));
    await engine.getNetwork(prefix).remove();
  },
  "the learner's way to the hosts that was lost": async () => {
    await rm(join(sandbox.home, "stacks", stack), { recursive: true });
    await rm(join(sandbox.user, ".docker"), { recursive: true });
    await rm(join(sandbox.user, ".ssh"), { recursive: true });
  },
};

test.each(Object.entries(damages))("up repairs %s", async (_, damage) => {
  await damage();
  const repaired = await drydockJson<UpReport>("up", "--stack", stack);
  expect(repaired.changed).toBe(true);
  // After a change of leaders the managers take some seconds to hear from all nodes.
  await expect.poll(look, { timeout: 30_000 }).toEqual(sound);
  expect(await drydockJson<UpReport>("up", "--stack", stack)).toMatchObject({ changed: false });
});

async function leaderOfSwarm(): Promise<string> {
  const nodes = await lines("manager-1", "docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'");
  return nodes.find((line) => line.endsWith(" Leader"))?.split(" ")[0] ?? "";
}
