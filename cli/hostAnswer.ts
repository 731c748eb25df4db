import { overlayMtu } from "../components/overlayMtu.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { engineGet } from "./engineGet.ts";
import type { LiveHosts } from "./liveHosts.ts";

/** Longest that a container may take to say how it is, in milliseconds. */
const hostDeadlineMs = 5_000;

/** A node as the engine's API tells it; only the fields that are used, as below. */
export interface SwarmNode {
  ID: string;
  Description: { Hostname: string };
  Spec: { Role: "manager" | "worker"; Availability: string };
  Status: { State: string };
  ManagerStatus?: { Leader?: boolean };
}

/** A network of the Swarm, made by Drydock or by the learner; not the ingress network, which every Swarm has. */
export interface SwarmNetwork {
  name: string;
  driver: string;
  subnet: string;
  /** MTU in bytes of the containers on it, where that of the path was set. */
  mtu?: number;
  encrypted: boolean;
  attachable: boolean;
}

/** What a host says of itself. */
export interface HostAnswer {
  /** Version of its engine, when that answers. */
  engine?: string;
  /** Why its engine, or the Swarm by it, does not answer. */
  problem?: string;
  /** Its id in the Swarm; "" where it is in none. */
  nodeId?: string;
  /** Whether it is a manager, with a quorum or without one. */
  manages?: boolean;
  /** What the Swarm's managers know, when the host is one that has a quorum. */
  swarm?: { nodes: SwarmNode[]; networks: SwarmNetwork[] };
}

interface EngineNetwork {
  Name: string;
  Scope: string;
  Driver: string;
  Ingress: boolean;
  Attachable: boolean;
  Options: Record<string, string> | null;
  IPAM: { Config: { Subnet: string }[] | null };
}

type Ask = <T>(path: string) => Promise<T>;

/** Asks a host how it is. One that is dead, or whose Swarm has lost its quorum, says so in its `problem`. */
export async function askHost(live: LiveHosts, name: string): Promise<HostAnswer> {
  try {
    const session = await live.connect(name, hostDeadlineMs);
    try {
      const ask: Ask = (path) => engineGet(session.engine(), path, hostDeadlineMs * live.patience);
      const { Version: engine } = await ask<{ Version: string }>("/version");
      return { engine, ...(await askSwarm(ask)) };
    } finally {
      session.close();
    }
  } catch (error) {
    return { problem: reasonOf(error) };
  }
}

async function askSwarm(ask: Ask): Promise<HostAnswer> {
  let known: HostAnswer = {};
  try {
    const { Swarm } = await ask<{ Swarm: { NodeID: string; ControlAvailable: boolean } }>("/info");
    known = { nodeId: Swarm.NodeID, manages: Swarm.ControlAvailable };
    if (!known.manages) return known;
    const [nodes, networks] = await Promise.all([ask<SwarmNode[]>("/nodes"), ask<EngineNetwork[]>("/networks")]);
    return { ...known, swarm: { nodes, networks: networks.filter(isOfSwarm).map(swarmNetwork) } };
  } catch (error) {
    return { ...known, problem: `its Swarm has no quorum, or does not answer: ${reasonOf(error)}` };
  }
}

const isOfSwarm = ({ Scope, Ingress }: EngineNetwork) => Scope === "swarm" && !Ingress;

function swarmNetwork({ Name, Driver, IPAM, Options, Attachable }: EngineNetwork): SwarmNetwork {
  const pathMtu = Options?.["com.docker.network.driver.mtu"];
  const encrypted = Options?.encrypted !== undefined;
  return {
    name: Name,
    driver: Driver,
    subnet: IPAM.Config?.[0]?.Subnet ?? "without addresses",
    mtu: pathMtu === undefined ? undefined : overlayMtu(Number(pathMtu), encrypted),
    encrypted,
    attachable: Attachable,
  };
}

/** Why it failed, as the outermost that knows puts it. */
export function reasonOf(error: unknown): string {
  const details = error instanceof VisibleError ? error.details : [];
  return details[0] ?? (error instanceof Error ? error.message : String(error));
}
