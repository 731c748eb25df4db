import type Docker from "dockerode";
import { allContexts } from "../../access/dockerContexts.ts";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { isRemote } from "../../engine/remoteMachine.ts";
import type { World } from "../../stacks/world.ts";
import { listeningPorts } from "./listeningPorts.ts";
import { routes } from "./routes.ts";

const deadlineMs = 20_000;

/**
 * What exists on the engine and on its machine.
 * @param url of the engine, which tells where its machine is.
 */
export async function lookAtWorld(engine: Docker, url = outerEngineUrl()): Promise<World> {
  const machine = isRemote(url) ? url : undefined;
  const abortSignal = AbortSignal.timeout(deadlineMs);
  const [networks, containers, { Volumes: volumes }, contexts, ports, table] = await Promise.all([
    engine.listNetworks({ abortSignal }),
    engine.listContainers({ all: true, abortSignal }),
    engine.listVolumes({ abortSignal }),
    allContexts(),
    listeningPorts(machine),
    routes(machine),
  ]);
  return {
    networks: networks.map(({ Name, Labels, IPAM }) => ({
      name: Name,
      labels: { ...Labels },
      subnets: subnetsOf(IPAM),
    })),
    containers: containers.map(({ Names, Labels, State, Ports }) => ({
      name: (Names[0] ?? "").slice(1),
      labels: Labels,
      running: ["running", "paused", "restarting"].includes(State),
      ports: Ports.flatMap(({ Type, PublicPort }) => (Type === "tcp" && PublicPort ? PublicPort : [])),
    })),
    volumes: volumes.map(({ Name, Labels }) => ({ name: Name, labels: { ...Labels } })),
    contexts,
    listeningPorts: ports,
    routes: table,
  };
}

/** The engine answers null for a network without addresses, such as "host". */
function subnetsOf(ipam?: { Config?: { Subnet?: string }[] | null }): string[] {
  return (ipam?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []);
}
