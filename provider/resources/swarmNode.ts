import { waitFor } from "../../engine/wait.ts";
import type { Handler } from "../handler.ts";
import { engineOf, isIn, liveManager, membership, nodesOf, type Manager, type Member, type Node } from "./swarm.ts";
import { enter, leave } from "./swarmEntry.ts";
import { changeNode, leavingLabel, removeNode, retire } from "./swarmNodes.ts";

export interface SwarmNodeInputs {
  member: Member;
  role: "manager" | "worker";
  /** Labels that the node must carry; others are left alone. */
  labels: Record<string, string>;
  /** The other managers, through which a node joins and is looked after. */
  peers: Member[];
  /** Whether this node starts the Swarm when no peer is in one. */
  first: boolean;
  /** Pool that overlay networks are cut from, and the prefix length of each. */
  addressPool: string;
  addressSize: number;
  /** Changes when the host was made anew. */
  incarnation: string;
  deadlineSec: number;
}

export interface SwarmNodeOutputs {
  nodeId: string;
  clusterId: string;
  actualRole: "manager" | "worker";
  actualLabels: Record<string, string>;
}

type State = SwarmNodeInputs & SwarmNodeOutputs;

/**
 * A host's membership in a Swarm. Creating it is idempotent: a host that is in the Swarm already is taken as it is, one
 * that is in another leaves that first. No token is kept: it is read from a manager when a host joins.
 */
export const swarmNode: Handler<SwarmNodeInputs, SwarmNodeOutputs> = {
  async create(inputs) {
    const outputs = await settle(inputs);
    return { id: inputs.member.name, outputs };
  },

  async read(_id, { member, role, peers }) {
    try {
      const self = await membership(await engineOf(member));
      if (!isIn(self, member)) return undefined;
      const manager = await liveManager(role === "manager" ? [...peers, member] : peers);
      const node = manager && (await nodesOf(manager.engine)).find(({ ID }) => ID === self.NodeID);
      return manager && node && outputsOf(manager, node);
    } catch {
      // Not reachable, or no quorum: the next `up` settles it, which leaves alone what is well.
      return undefined;
    }
  },

  update: (_id, state, inputs) => settle(inputs, Object.keys(state.labels)),

  async delete(_id, { member, peers, nodeId, deadlineSec }) {
    const engine = await engineOf(member).catch(() => undefined);
    const self = engine && (await membership(engine).catch(() => undefined));
    const manager = await liveManager(peers);
    const lives = [...new Set([nodeId, self?.NodeID ?? ""])].filter((id) => id !== "");
    if (manager) for (const id of lives) await retire(manager.engine, id, deadlineSec);
    if (engine && self) await leave(member, engine, self);
    if (manager) for (const id of lives) await removeNode(manager.engine, id);
  },

  replaceOn: ["first"],
  ignore: ["peers", "deadlineSec", "addressPool", "addressSize"],
  drifted: ({ role, labels, actualRole, actualLabels }: State) =>
    role !== actualRole || !covers(actualLabels, labels) || leavingLabel in actualLabels,
};

/**
 * Brings the host into the Swarm, in its role and with its labels, and waits until it is ready.
 * @param former Labels that we gave it before; those that it is to have no more go.
 */
async function settle(inputs: SwarmNodeInputs, former: string[] = []): Promise<SwarmNodeOutputs> {
  const { member, role, labels, deadlineSec } = inputs;
  const manager = await enter(inputs);
  const engine = await engineOf(member);
  const stale = [...former.filter((key) => !(key in labels)), leavingLabel];
  const node = await waitFor<Node>({
    what: `Swarm node ${member.name} to be ready as ${role}`,
    deadlineMs: deadlineSec * 1_000,
    everyMs: 20,
    look: async () => {
      const self = await membership(engine);
      const nodes = await nodesOf(manager.engine).catch((error: unknown) => error as Error);
      // While a manager comes or goes there may be no leader for a moment.
      if (nodes instanceof Error) return { waiting: nodes.message };
      const seen = nodes.find(({ ID }) => ID === self.NodeID);
      if (!seen) return { waiting: "its managers do not know it yet" };
      const actual = seen.Spec.Labels ?? {};
      if (seen.Spec.Role !== role || !covers(actual, labels) || stale.some((key) => key in actual)) {
        const kept = Object.entries(actual).filter(([key]) => !stale.includes(key));
        await changeNode(manager.engine, seen, {
          Role: role,
          Labels: { ...Object.fromEntries(kept), ...labels },
          ...(leavingLabel in actual ? { Availability: "active" } : {}),
        });
        return { waiting: "its role or labels are being changed" };
      }
      if (self.ControlAvailable !== (role === "manager")) return { waiting: "its role is being changed" };
      return seen.Status.State === "ready" ? { value: seen } : { waiting: `its state is ${seen.Status.State}` };
    },
  });
  return outputsOf(manager, node);
}

const covers = (actual: Record<string, string>, wanted: Record<string, string>) =>
  Object.entries(wanted).every(([key, value]) => actual[key] === value);

const outputsOf = ({ swarm }: Manager, node: Node): SwarmNodeOutputs => ({
  nodeId: node.ID,
  clusterId: swarm.ID,
  actualRole: node.Spec.Role,
  actualLabels: node.Spec.Labels ?? {},
});
