import type Docker from "dockerode";
import type { SshTarget } from "../../engine/ssh.ts";
import { inTime } from "../../engine/wait.ts";
import { sessionTo } from "../sessions.ts";

/** A host as Swarm sees it. */
export interface Member {
  name: string;
  /** Address on the lab network that it advertises. */
  address: string;
  ssh: SshTarget;
}

/** The part of a node's engine API object that we use. */
export interface Node {
  ID: string;
  Version: { Index: number };
  Spec: { Role: "manager" | "worker"; Availability: string; Labels?: Record<string, string> };
  Description?: { Hostname?: string };
  Status: { State: string };
  /** Of a node that is one of the managers now, whatever its role is to be. */
  ManagerStatus?: { Addr: string; Reachability: string; Leader?: boolean };
}

export interface Swarm {
  ID: string;
  JoinTokens: { Worker: string; Manager: string };
}

/** What an engine says of its own membership. */
export interface Membership {
  /** Empty outside a Swarm, as is its address. */
  NodeID: string;
  NodeAddr: string;
  /** "pending" is a member that has found no quorum since its engine started. */
  LocalNodeState: "inactive" | "pending" | "active" | "error" | "locked";
  /** Whether it is a manager. */
  ControlAvailable: boolean;
  /** The managers that it knows, itself included. */
  RemoteManagers: { NodeID: string; Addr: string }[] | null;
}

/** A manager that answers for the whole Swarm, which takes a quorum. */
export interface Manager {
  engine: Docker;
  swarm: Swarm;
}

export async function engineOf(member: Member): Promise<Docker> {
  return (await sessionTo(member.ssh)).engine();
}

/** Longest that a host's engine may take to answer: one that hangs takes a request and says no more. */
const answerMs = 10_000;

/**
 * Longest that an engine may take over a change of its Swarm, in milliseconds. By itself it gives up a join after 20
 * seconds, and goes on with it in the background.
 */
const changeMs = 60_000;

/**
 * A change of a Swarm, such as "a join of worker-1".
 * @throws Error when the engine refuses or has not done it within a minute.
 */
export const changed = <T>(what: string, change: Promise<T>): Promise<T> => inTime(what, changeMs, change);

/** @throws Error when the engine refuses or does not answer within 10 seconds, as do the questions below. */
async function asked<T>(engine: Docker, question: "info" | "swarmInspect" | "listNodes"): Promise<T> {
  const call = new AbortController();
  // dockerode's types do not know the signal everywhere, nor all that is answered.
  const ask = engine[question].bind(engine) as (options: { abortSignal: AbortSignal }) => Promise<unknown>;
  try {
    // A request that has no connection yet does not end when it is called off.
    return (await answered(question, ask({ abortSignal: call.signal }))) as T;
  } finally {
    call.abort();
  }
}

/** @throws Error when an engine has not answered a question within 10 seconds. */
export const answered = <T>(question: string, answer: Promise<T>): Promise<T> =>
  inTime(`the engine's answer to ${question}`, answerMs, answer);

export async function membership(engine: Docker): Promise<Membership> {
  return (await asked<{ Swarm: Membership }>(engine, "info")).Swarm;
}

/** Whether a host is in a Swarm that knows it by its address. By another it cannot be reached, nor is that ever changed. */
export function isIn({ LocalNodeState: state, NodeAddr: known }: Membership, { address }: Member): boolean {
  return (state === "active" || state === "pending") && known === address;
}

/**
 * The first of these members that answers as a manager with a quorum behind it. Where they are in several Swarms it is
 * of that which most of them are in.
 */
export async function liveManager(members: Member[]): Promise<Manager | undefined> {
  const answers = await Promise.allSettled(members.map(answer));
  const managers = answers.flatMap((settled) => (settled.status === "fulfilled" ? [settled.value] : []));
  const sharers = ({ swarm }: Manager) => managers.filter((other) => other.swarm.ID === swarm.ID);
  const lowest = (group: (Manager & Pick<Member, "address">)[]) =>
    group.map(({ address }) => address).toSorted()[0] ?? "";
  const [best] = managers
    .map(sharers)
    .toSorted((one, other) => other.length - one.length || lowest(one).localeCompare(lowest(other)));
  return best?.[0];
}

async function answer(member: Member): Promise<Manager & Pick<Member, "address">> {
  const engine = await engineOf(member);
  return { address: member.address, engine, swarm: await swarmOf(engine) };
}

/** The Swarm of an engine that is one of its managers. */
export const swarmOf = (engine: Docker): Promise<Swarm> => asked(engine, "swarmInspect");

export const nodesOf = (engine: Docker): Promise<Node[]> => asked(engine, "listNodes");
