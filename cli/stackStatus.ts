import { outerEngine } from "../engine/outer.ts";
import type { Capability } from "../labs/lab.ts";
import { sharedCapabilities } from "../labs/solve.ts";
import { label } from "../stacks/labels.ts";
import type { StackOutputs } from "../stacks/outputs.ts";
import type { HostPlan, Plan } from "../stacks/plan.ts";
import type { Stack } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { engineGet } from "./engineGet.ts";
import { LiveHosts } from "./liveHosts.ts";

/** Longest that a host may take to say how it is, in milliseconds. */
const hostDeadlineMs = 5_000;

/** A host's place in the Swarm, as the Swarm's managers or, failing them, the host itself see it. */
export interface NodeStatus {
  role: "leader" | "manager" | "worker";
  state: string;
  availability: string;
}

export interface HostStatus extends Pick<HostPlan, "name" | "role" | "address" | "sshPort" | "labels"> {
  /** State of its container on the outer engine: "running", "exited" and so on, "missing" or "unknown". */
  container: string;
  /** Version of its engine, when that answers. */
  engine?: string;
  /** Why its engine did not answer. */
  problem?: string;
  node?: NodeStatus;
}

export interface StackStatus {
  stack: string;
  lab: string;
  learner: string;
  /** Whether all of it runs and answers. */
  up: boolean;
  expiry?: string;
  network: Plan["network"];
  registry: { address: string; container: string };
  networks: StackOutputs["networks"];
  /** What the hosts' kernel can do, all of them; undefined when the stack is not up. */
  capabilities?: Record<Capability, boolean>;
  hosts: HostStatus[];
}

/** How a stack is, live: dead hosts and a dead engine are part of the answer. */
export async function stackStatus(stack: Stack): Promise<StackStatus> {
  const { plan } = stack;
  const [containers, live] = await Promise.all([containerStates(plan), liveHosts(stack)]);
  const answers = await Promise.all(plan.hosts.map((host) => askHost(live, host.name)));
  const nodes = answers.find((answer) => answer.nodes)?.nodes ?? [];
  const hosts = plan.hosts.map(({ name, role, address, sshPort, labels, container }, index): HostStatus => {
    const { engine, problem, nodeId } = answers[index] ?? {};
    const node = nodes.find((known) => (nodeId ? known.ID === nodeId : known.Description.Hostname === name));
    const state = containers(container);
    return { name, role, address, sshPort, labels, container: state, engine, problem, node: node && nodeStatus(node) };
  });
  const registry = { address: plan.registry.address, container: containers(plan.registry.container) };
  return {
    stack: stack.name,
    lab: plan.lab,
    learner: plan.learner,
    up: hosts.every((host) => host.engine !== undefined) && registry.container === "running",
    expiry: plan.expiry,
    network: plan.network,
    registry,
    networks: live?.outputs.networks ?? [],
    capabilities: live && sharedCapabilities(live.outputs.hosts),
    hosts,
  };
}

async function containerStates({ labels }: Plan): Promise<(name: string) => string> {
  try {
    const engine = await outerEngine();
    const containers = await engine.listContainers({
      all: true,
      filters: { label: [label.project, label.stack].map((key) => `${key}=${labels[key] ?? ""}`) },
      abortSignal: AbortSignal.timeout(hostDeadlineMs),
    });
    const states = new Map(containers.flatMap(({ Names, State }) => Names.map((name) => [name.slice(1), State])));
    return (name) => states.get(name) ?? "missing";
  } catch {
    return () => "unknown";
  }
}

async function liveHosts(stack: Stack): Promise<LiveHosts | undefined> {
  try {
    return await LiveHosts.of(stack);
  } catch (error) {
    if (error instanceof VisibleError) return undefined;
    throw error;
  }
}

interface SwarmNode {
  ID: string;
  Description: { Hostname: string };
  Spec: { Role: "manager" | "worker"; Availability: string };
  Status: { State: string };
  ManagerStatus?: { Leader?: boolean };
}

interface Answer {
  engine?: string;
  problem?: string;
  nodeId?: string;
  /** The Swarm's nodes, when the host is a manager that sees a quorum. */
  nodes?: SwarmNode[];
}

interface EngineInfo {
  ServerVersion: string;
  Swarm: { NodeID: string; ControlAvailable: boolean };
}

async function askHost(live: LiveHosts | undefined, name: string): Promise<Answer> {
  if (!live) return { problem: "the stack is not up" };
  try {
    const session = await live.connect(name, hostDeadlineMs);
    try {
      const info = await engineGet<EngineInfo>(session.engine(), "/info", hostDeadlineMs);
      const { NodeID: nodeId, ControlAvailable: manages } = info.Swarm;
      const nodes = manages ? await engineGet<SwarmNode[]>(session.engine(), "/nodes", hostDeadlineMs) : undefined;
      return { engine: info.ServerVersion, nodeId, nodes };
    } finally {
      session.close();
    }
  } catch (error) {
    const details = error instanceof VisibleError ? error.details : [];
    return { problem: details[0] ?? (error instanceof Error ? error.message : String(error)) };
  }
}

function nodeStatus({ Spec, Status, ManagerStatus }: SwarmNode): NodeStatus {
  return {
    role: ManagerStatus?.Leader ? "leader" : Spec.Role,
    state: Status.State,
    availability: Spec.Availability,
  };
}
