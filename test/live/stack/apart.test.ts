import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LiveHosts } from "../../../cli/liveHosts.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { connectSsh } from "../../../engine/ssh.ts";
import { stackFolder } from "../../../stacks/home.ts";
import { makeOwnSettings, openStack } from "../../../stacks/stack.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

useSandbox();

const cohort = testStack("apart");
const lab = "overlay-vxlan";
const learners = Array.from({ length: 10 }, (_, index) => `l${index + 1}`);

/** A learner's hosts, and what there is to be reached of them. */
interface Topology {
  learner: string;
  stack: string;
  live: LiveHosts;
  run: (host: string, command: string) => Promise<string>;
  /** "address port": sshd, engine, Swarm, gossip and registry on the lab network, and the published ports at its gateway. */
  targets: string[];
  /** Address of a container on the learner's overlay network. */
  peer: string;
}

let topologies: Topology[];

beforeAll(async () => {
  await makeOwnSettings(cohort, { learners, labs: [lab] });
  await drydockJson("cohort", "up", "--stack", cohort);
  const { seats } = await drydockJson<CohortPlan>("cohort", "plan", "--stack", cohort);
  topologies = await Promise.all(seats.map(({ learner, stack }) => topologyOf(learner.id, stack)));
});

afterAll(() => drydockExits(0, "cohort", "down", "--stack", cohort));

async function topologyOf(learner: string, stack: string): Promise<Topology> {
  const opened = await openStack(stack);
  const live = await LiveHosts.of(opened);
  const run = async (host: string, command: string) => {
    const { code, stdout, stderr } = await live.run(host, command, { timeoutMs: 120_000 });
    expect(code, `${learner}, ${host}: ${command}: ${stderr}`).toBe(0);
    return stdout.trim();
  };
  await run("manager-1", "docker network create --driver overlay --attachable apart");
  const server = `echo ${learner} > /tmp/who; exec busybox httpd -f -p 7000 -h /tmp`;
  await run("manager-1", `docker run -d --name peer --network apart busybox sh -c '${server}'`);
  const peer = await run("manager-1", "docker inspect -f '{{.NetworkSettings.Networks.apart.IPAddress}}' peer");
  const { hosts, network } = opened.plan;
  const ports = [22, 2375, 2376, 2377, 7946];
  const targets = [
    ...hosts.flatMap(({ address }) => ports.map((port) => `${address} ${port}`)),
    ...hosts.map(({ sshPort }) => `${network.gateway} ${sshPort}`),
    live.outputs.registry.address.replace(":", " "),
  ];
  return { learner, stack, live, run, targets, peer };
}

/** Runs shell lines side by side in a container of a learner's, on its host's network or on the overlay network. */
async function sideBySide({ run }: Topology, network: "host" | "apart", lines: string[]): Promise<string[]> {
  const script = lines.map((line) => `(${line}) 2> /dev/null &`).join("\n");
  const command = `docker run --rm -i --network ${network} busybox sh <<'END'\n${script}\nwait\nEND`;
  return (await run("worker-1", command)).split("\n").filter(Boolean).toSorted();
}

/** Which of these "address port" take a connection. */
const reached = (own: Topology, network: "host" | "apart", targets: readonly string[]) =>
  sideBySide(
    own,
    network,
    targets.map((target) => `nc -w 3 ${target} < /dev/null > /dev/null && echo ${target}`),
  );

/** Whose containers answer. What they say is read: a machine's gateway may take connections to any address itself. */
const answering = (own: Topology, network: "host" | "apart", peers: readonly string[]) =>
  sideBySide(
    own,
    network,
    peers.map((peer) => `timeout 3 wget -qO- http://${peer}:7000/who`),
  );

test("what is tried is there: every learner reaches their own hosts, Swarm, registry and overlay", async () => {
  await Promise.all(
    topologies.map(async (own) => {
      const listens = (target: string) => /\.11 (22|2377|7946)$|\.12 (22|7946)$| 5000$/.test(target);
      expect(await reached(own, "host", own.targets), own.learner).toEqual(own.targets.filter(listens).toSorted());
      expect(await answering(own, "apart", [own.peer]), own.learner).toEqual([own.learner]);
    }),
  );
});

test("no learner reaches anything of any other's, from a host or from an overlay network", async () => {
  expect(topologies).toHaveLength(10);
  await Promise.all(
    topologies.map(async (own) => {
      const others = topologies.filter(({ learner }) => learner !== own.learner);
      expect(others).toHaveLength(9);
      const targets = others.flatMap((other) => other.targets);
      const peers = others.map(({ peer }) => peer);
      for (const network of ["host", "apart"] as const) {
        expect(await reached(own, network, targets), `${own.learner}, ${network}`).toEqual([]);
        const answers = await answering(own, network, peers);
        expect(
          answers.filter((answer) => learners.includes(answer)),
          `${own.learner}, ${network}`,
        ).toEqual([]);
      }
    }),
  );
});

test("no learner's key opens any host of another's", async () => {
  const keys = await Promise.all(
    topologies.map(({ stack }) => readFile(join(stackFolder(stack), "id_ed25519"), "utf8")),
  );
  const hosts = topologies.flatMap(({ live }, whose) => live.outputs.hosts.map(({ ssh }) => ({ whose, ssh })));
  expect(hosts).toHaveLength(20);
  const opened = async (key: number, { ssh }: (typeof hosts)[number]) => {
    const session = await connectSsh({ ...ssh, privateKey: keys[key] ?? "" }, { deadlineMs: 30_000 }).catch(
      (error: unknown) => error as Error,
    );
    if (session instanceof Error) return session.message;
    session.close();
    return "opened";
  };
  for (const key of keys.keys()) {
    const answers = await Promise.all(hosts.map((host) => opened(key, host)));
    for (const [index, { whose, ssh }] of hosts.entries())
      expect(answers[index], `key of ${key} to port ${ssh.port} of ${whose}`).toMatch(
        whose === key ? /^opened$/ : /All configured authentication methods failed/,
      );
  }
});

test("no learner's engine or Swarm shows anything of another's", async () => {
  const clusters = await Promise.all(
    topologies.map(async ({ learner, run }) => {
      expect(await run("manager-1", "docker node ls --format '{{.Hostname}}' | sort | tr '\\n' ' '"), learner).toBe(
        "manager-1 worker-1",
      );
      expect(await run("manager-1", "docker ps --all --format '{{.Names}}'"), learner).toBe("peer");
      return run("manager-1", "docker info --format '{{.Swarm.Cluster.ID}}'");
    }),
  );
  expect(new Set(clusters).size).toBe(10);
});
