import type { PicturedHost, Seen } from "../graph/topology.ts";
import type { Capability } from "../labs/lab.ts";
import { sharedCapabilities } from "../labs/solve.ts";
import type { SwarmOutput } from "../stacks/outputs.ts";
import { project } from "../stacks/project.ts";
import { sitesOf } from "../stacks/sites.ts";
import { readState } from "../stacks/stateFile.ts";
import type { HostPlan, Plan } from "../stacks/plan.ts";
import type { Stack } from "../stacks/stack.ts";
import { isOnEngine } from "../stacks/target.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { componentStatus, type ComponentStatus } from "./componentStatus.ts";
import { askHost, type HostAnswer, type SwarmNetwork, type SwarmNode } from "./hostAnswer.ts";
import { LiveHosts } from "./liveHosts.ts";

/** A host's place in the Swarm, as the Swarm's managers see it or, where none answers, as it knows itself. */
export interface NodeStatus {
  role: "leader" | "manager" | "worker";
  /** "ready", "down" and so on; "no quorum" or "no manager answers". */
  state: string;
  availability: string;
}

export interface HostStatus extends Pick<HostPlan, "name" | "role" | "address" | "sshHost" | "sshPort" | "labels"> {
  /** State of its container or machine: "running", "exited" and so on, "missing" or "unknown". */
  container: string;
  /** Version of its engine, when that answers. */
  engine?: string;
  /** Why its engine does not answer, or what is wrong with its place in the Swarm. */
  problem?: string;
  node?: NodeStatus;
}

export interface StackStatus {
  stack: string;
  lab: string;
  learner: string;
  /** Whether all of it runs and answers, every node of a Swarm included. */
  up: boolean;
  /** Why nothing of it could be asked: it is not up, or holds another lab. */
  problem?: string;
  expiry?: string;
  /** Whether the expiry is past. */
  expired: boolean;
  /** URL of the engine on another machine that its settings put it on. */
  engine?: string;
  network: Plan["network"];
  /** The hosts' mirror; undefined where they have none. */
  registry: { address: string; container: string } | undefined;
  /** Networks across the hosts: those that the Swarm has now, or the recorded ones where it does not answer. */
  networks: SwarmNetwork[];
  /** How a published port is reached, where Drydock formed the Swarm. */
  ingress?: SwarmOutput["ingress"];
  /** What the hosts' kernel can do, all of them; undefined when the stack is not up. */
  capabilities?: Record<Capability, boolean>;
  hosts: HostStatus[];
  /** What Drydock runs on the hosts, such as a registry. */
  components: ComponentStatus[];
}

/** The state of a stack in a word. */
export const stateOf = ({ up, hosts }: Pick<StackStatus, "up" | "hosts">): "up" | "partly up" | "not up" =>
  up ? "up" : hosts.some(({ engine }) => engine !== undefined) ? "partly up" : "not up";

/** How a stack is, live: dead hosts and a dead engine are part of the answer. */
export async function stackStatus(stack: Stack): Promise<StackStatus> {
  const { plan } = stack;
  const [containers, { live, problem }] = await Promise.all([containerStates(stack), liveHosts(stack)]);
  const outputs = live?.outputs;
  const ask = ({ name }: HostPlan): Promise<HostAnswer> => (live ? askHost(live, name) : Promise.resolve({}));
  const [answers, components] = await Promise.all([
    Promise.all(plan.hosts.map(ask)),
    Promise.all(live?.outputs.components.map((component) => componentStatus(live, component)) ?? []),
  ]);
  const swarm = answers.find((answer) => answer.swarm)?.swarm;
  const members = new Set([...(outputs?.swarm?.managers ?? []), ...(outputs?.swarm?.workers ?? [])]);
  const hosts = plan.hosts.map(({ name, role, address, sshHost, sshPort, labels, container }, index): HostStatus => {
    const { engine, problem, ...answer } = answers[index] ?? {};
    const node = nodeStatus(name, answer, swarm?.nodes);
    const wrong = problem ?? (swarm && nodeProblem(node, members.has(name)));
    return {
      name,
      role,
      address,
      sshHost,
      sshPort,
      labels,
      container: containers(container),
      engine,
      problem: wrong,
      node,
    };
  });
  const registry = isOnEngine(plan.target)
    ? { address: plan.registry.address, container: containers(plan.registry.container) }
    : undefined;
  const whole = hosts.every((host) => host.engine !== undefined && host.problem === undefined);
  const healthy = components.every((component) => component.problem === undefined);
  return {
    stack: stack.name,
    lab: plan.lab,
    learner: plan.learner,
    up: problem === undefined && whole && healthy && (registry === undefined || registry.container === "running"),
    problem,
    expiry: plan.expiry,
    expired: plan.expiry !== undefined && new Date(plan.expiry) < new Date(),
    engine: plan.engine,
    network: plan.network,
    registry,
    networks: swarm?.networks ?? outputs?.networks ?? [],
    ingress: outputs?.swarm?.ingress,
    capabilities: outputs && sharedCapabilities(outputs.hosts),
    hosts,
    components,
  };
}

/** What a picture of the stack shows beyond its plan. */
export function seenOf({ networks, components, hosts }: StackStatus): Seen {
  const answered = hosts.filter((host) => host.engine !== undefined);
  return { networks, components, roles: new Map(answered.map(({ name, node }) => [name, roleOf(node)])) };
}

function roleOf(node: NodeStatus | undefined): PicturedHost["role"] {
  if (!node) return "host";
  return node.role === "worker" ? "worker" : "manager";
}

async function containerStates({ name: stack, plan }: Stack): Promise<(name: string) => string> {
  try {
    const sites = await sitesOf(stack, await readState(project, stack));
    const states = await Promise.all(sites.map((site) => site.states(plan)));
    return (name) => states.map((stateIn) => stateIn(name)).find((state) => state !== "missing") ?? "missing";
  } catch {
    return () => "unknown";
  }
}

/** The hosts to ask: none of a stack that is not up. */
async function liveHosts(stack: Stack): Promise<{ live?: LiveHosts; problem?: string }> {
  try {
    const live = await LiveHosts.of(stack);
    const { lab } = live.outputs;
    if (lab === stack.lab.slug) return { live };
    return { problem: `it holds lab ${lab}, and its file says ${stack.lab.slug}: \`./drydock up\` brings that up` };
  } catch (error) {
    if (error instanceof VisibleError) return { problem: error.message };
    throw error;
  }
}

/** Finds a host among the Swarm's nodes by its id or, where it does not answer, by its name. */
function nodeStatus(
  name: string,
  { nodeId, manages }: HostAnswer,
  nodes: readonly SwarmNode[] | undefined,
): NodeStatus | undefined {
  if (!nodes) {
    if (!nodeId) return undefined;
    const [role, state] = manages ? (["manager", "no quorum"] as const) : (["worker", "no manager answers"] as const);
    return { role, state, availability: "unknown" };
  }
  const isIt = ({ ID, Description }: SwarmNode) =>
    nodeId === undefined ? Description.Hostname === name : ID === nodeId;
  const node = nodes.find(isIt);
  if (!node) return undefined;
  const { Spec, Status, ManagerStatus } = node;
  return { role: ManagerStatus?.Leader ? "leader" : Spec.Role, state: Status.State, availability: Spec.Availability };
}

function nodeProblem(node: NodeStatus | undefined, member: boolean): string | undefined {
  if (!node) return member ? "it is no longer a node of the Swarm" : undefined;
  return node.state === "ready" ? undefined : `the Swarm's managers see it as ${node.state}`;
}
