import { waitFor } from "../../../engine/wait.ts";
import type { Node } from "../../../provider/resources/swarm.ts";
import { swarmNode, type SwarmNodeInputs, type SwarmNodeOutputs } from "../../../provider/resources/swarmNode.ts";
import type { TestHost, TestLab } from "./testLab.ts";

/** A host's part in a Swarm. */
export interface Part {
  role?: "manager" | "worker";
  labels?: Record<string, string>;
  deadlineSec?: number;
}

/** A Swarm of a test lab's hosts, whose nodes are settled by the provider's handler. */
export interface TestSwarm {
  inputs(host: string, part?: Part): SwarmNodeInputs;
  /** Brings a host into the Swarm, as creating its resource does. */
  settle(host: string, part?: Part): Promise<SwarmNodeOutputs>;
  /** Changes a host's part, as updating its resource does. */
  change(host: string, from: Part, to: Part): Promise<SwarmNodeOutputs>;
  read(host: string, part?: Part): Promise<SwarmNodeOutputs | undefined>;
  delete(host: string, outputs?: Partial<SwarmNodeOutputs>): Promise<void>;
  /** The nodes as a host sees them, "name role state" and "reachable" or "leader" for a manager, sorted. */
  nodes(from: string): Promise<string[]>;
  /** Waits for the nodes to be these, for every manager "reachable": a new leader takes a moment until it has heard of all. */
  become(from: string, nodes: string[]): Promise<unknown>;
  /** Takes every host out of whatever Swarm it is in. */
  dissolve(): Promise<void>;
}

/** The managers are in the order in which they would be made. */
export function testSwarm(lab: TestLab, managers: string[]): TestSwarm {
  const inputs = (host: string, { role = "manager", labels = {}, deadlineSec = 60 }: Part = {}): SwarmNodeInputs => ({
    member: lab.host(host).member,
    role,
    labels,
    peers: managers.filter((name) => name !== host).map((name) => lab.host(name).member),
    first: host === managers[0],
    addressPool: lab.plan.swarm.overlayBase,
    addressSize: lab.plan.swarm.overlaySize,
    incarnation: "1",
    deadlineSec,
  });
  const unknown: SwarmNodeOutputs = { nodeId: "", clusterId: "", actualRole: "manager", actualLabels: {} };
  return {
    inputs,
    settle: async (host, part) => (await swarmNode.create(inputs(host, part))).outputs,
    change: async (host, from, to) => {
      const changed = await swarmNode.update?.(host, { ...inputs(host, from), ...unknown }, inputs(host, to));
      if (!changed) throw new Error("SwarmNode cannot be updated");
      return changed;
    },
    read: async (host, part) => swarmNode.read?.(host, { ...inputs(host, part), ...unknown }),
    delete: async (host, outputs) => swarmNode.delete?.(host, { ...inputs(host), ...unknown, ...outputs }),
    nodes: (from) => nodesSeenBy(lab.host(from)),
    become: (from, nodes) =>
      waitFor<undefined>({
        what: `the Swarm to be of ${nodes.join(", ")}`,
        deadlineMs: 60_000,
        look: async () => {
          const seen = (await nodesSeenBy(lab.host(from))).map((node) => node.replace("leader", "reachable"));
          return seen.join() === nodes.join() ? { value: undefined } : { waiting: `it is of ${seen.join(", ")}` };
        },
      }),
    dissolve: async () => {
      await Promise.all(lab.plan.hosts.map(({ name }) => leave(lab.host(name))));
    },
  };
}

async function nodesSeenBy(host: TestHost): Promise<string[]> {
  const nodes = (await (await host.engine()).listNodes()) as Node[];
  return nodes
    .map(({ Description: about, Spec: spec, Status: status, ManagerStatus: manager }) =>
      [about?.Hostname, spec.Role, status.State, manager?.Leader ? "leader" : manager?.Reachability].join(" ").trim(),
    )
    .sort();
}

/** Leaving may be refused for a moment while the node is being set up or torn down. */
async function leave(host: TestHost): Promise<void> {
  await waitFor({
    what: `${host.member.name} to leave its Swarm`,
    deadlineMs: 30_000,
    look: async () => {
      const engine = await host.engine();
      const { Swarm: swarm } = (await engine.info()) as { Swarm: { LocalNodeState: string } };
      if (swarm.LocalNodeState === "inactive") return { value: undefined };
      return engine.swarmLeave({ force: true }).then(
        () => ({ waiting: "it is leaving" }),
        (error: unknown) => ({ waiting: String(error) }),
      );
    },
  });
}
