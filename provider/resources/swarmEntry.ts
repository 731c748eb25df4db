import type Docker from "dockerode";
import { isStatus } from "../../engine/status.ts";
import { waitFor } from "../../engine/wait.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import {
  changed,
  engineOf,
  isIn,
  liveManager,
  membership,
  nodesOf,
  swarmOf,
  type Manager,
  type Member,
  type Membership,
  type Node,
} from "./swarm.ts";
import type { SwarmNodeInputs } from "./swarmNode.ts";
import { removeNode, retire } from "./swarmNodes.ts";

/** A manager's host that answers, and what it says of itself. */
interface Seen {
  member: Member;
  self: Membership;
}

/**
 * Makes the host a member of the Swarm, which it starts when there is none and it is the first.
 * @returns a manager of the Swarm; another than the host itself where there is one.
 */
export async function enter(inputs: SwarmNodeInputs): Promise<Manager> {
  const { member, first, peers } = inputs;
  const manager = await findManager(inputs);
  if (manager) {
    await join(manager, inputs);
    return manager;
  }
  if (!first) {
    throw new Error(`no manager of the Swarm answers, so ${member.name} cannot join; looked at ${names(peers)}`);
  }
  return start(inputs);
}

/**
 * A manager that speaks for the Swarm; undefined where no host is in one. It waits for a quorum that may come back, and
 * where none can it starts the Swarm again from what a manager has.
 */
async function findManager({ member, role, peers, deadlineSec }: SwarmNodeInputs): Promise<Manager | undefined> {
  const managers = role === "manager" ? [...peers, member] : peers;
  let restarted = false;
  return waitFor<Manager | undefined>({
    what: `a quorum of the managers ${names(managers)}`,
    deadlineMs: deadlineSec * 1_000,
    look: async () => {
      const seen = await look(managers);
      const inSwarm = seen.filter(({ self, member: host }) => self.ControlAvailable && isIn(self, host));
      const [survivor] = inSwarm;
      if (!survivor) {
        const silent = managers.filter((manager) => !seen.some((host) => host.member === manager));
        return silent.length > 0 ? { waiting: `no answer from ${names(silent)}` } : { value: undefined };
      }
      if (role === "manager" && !restarted && isLost(survivor, seen)) {
        await startAgain(survivor.member);
        restarted = true;
      }
      const manager = await liveManager(inSwarm.map((host) => host.member));
      return manager ? { value: manager } : { waiting: `${names(inSwarm.map((host) => host.member))} have none` };
    },
  });
}

/** The hosts that answer. @throws VisibleError when one is locked: only who has the key can open it. */
async function look(members: Member[]): Promise<Seen[]> {
  const answers = await Promise.allSettled(
    members.map(async (member) => ({ member, self: await membership(await engineOf(member)) })),
  );
  const seen = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const locked = seen.find(({ self }) => self.LocalNodeState === "locked");
  if (locked) {
    throw new VisibleError(`The Swarm of ${locked.member.name} is locked`, {
      fix: "open it there with `docker swarm unlock`, or give it up with `docker swarm leave --force`",
    });
  }
  return seen;
}

/** Whether so many managers have left, or cannot be reached where the others know them, that no quorum can come back. */
function isLost({ self }: Seen, seen: Seen[]): boolean {
  const managers = self.RemoteManagers ?? [];
  const gone = managers.filter(({ NodeID: id, Addr: address }) => {
    const owner = seen.find((host) => host.self.NodeID === id);
    if (owner) return !isIn(owner.self, owner.member);
    const there = seen.find((host) => address === `${host.member.address}:2377`);
    return there?.self.LocalNodeState === "inactive";
  });
  return managers.length > 0 && gone.length * 2 >= managers.length;
}

async function start({ member, addressPool, addressSize }: SwarmNodeInputs): Promise<Manager> {
  const engine = await engineOf(member);
  await leave(member, engine, await membership(engine));
  const pool = { DefaultAddrPool: [addressPool], SubnetSize: addressSize };
  await changed(`the start of a Swarm on ${member.name}`, engine.swarmInit({ ...advertised(member), ...pool }));
  return { engine, swarm: await swarmOf(engine) };
}

async function startAgain(member: Member): Promise<void> {
  const engine = await engineOf(member);
  const start = engine.swarmInit({ ...advertised(member), ForceNewCluster: true });
  await changed(`another start of the Swarm on ${member.name}`, start);
}

async function join(manager: Manager, { member, role, deadlineSec }: SwarmNodeInputs): Promise<void> {
  const engine = await engineOf(member);
  const self = await membership(engine);
  const nodes = await nodesOf(manager.engine);
  const known = nodes.find(({ ID }) => ID === self.NodeID);
  // A manager whose peers started the Swarm again without it does not know that.
  const orphaned = self.ControlAvailable && known?.Spec.Role === "manager" && !known.ManagerStatus;
  if (isIn(self, member) && known && !orphaned) return;
  await leave(member, engine, self);
  const isFormerLife = (node: Node) => node.Description?.Hostname === member.name;
  for (const { ID: id } of nodes.filter(isFormerLife)) {
    await retire(manager.engine, id, deadlineSec);
    await removeNode(manager.engine, id);
  }
  const managers = nodes.filter((node) => node.ManagerStatus?.Reachability === "reachable" && !isFormerLife(node));
  const { Manager: managerToken, Worker: workerToken } = manager.swarm.JoinTokens;
  try {
    const join = engine.swarmJoin({
      ...advertised(member),
      RemoteAddrs: managers.map((node) => node.ManagerStatus?.Addr),
      JoinToken: role === "manager" ? managerToken : workerToken,
    });
    await changed(`a join of ${member.name} to the Swarm`, join);
  } catch (error) {
    // It goes on joining, which is waited for with all the rest.
    if (!(isStatus(error, 503) && String(error).includes("will continue in the background"))) throw error;
  }
}

/** Takes a host out of the Swarm that it is in, if any. */
export async function leave({ name }: Member, engine: Docker, { LocalNodeState: state }: Membership): Promise<void> {
  if (state !== "inactive") await changed(`${name} leaving its Swarm`, engine.swarmLeave({ force: true }));
}

const advertised = ({ address }: Member) => ({
  ListenAddr: "0.0.0.0:2377",
  AdvertiseAddr: address,
  DataPathAddr: address,
});

const names = (members: Member[]) => members.map(({ name }) => name).join(", ");
