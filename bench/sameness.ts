import { isDeepStrictEqual } from "node:util";
import type Docker from "dockerode";
import { overlay } from "./lab.ts";
import type { Topology } from "./topology.ts";

/** What is to be the same whichever way made it: the settings of the hosts' containers and the Swarm's. */
export type Made = Record<string, unknown>;

/** Looks at what a way made. @throws Error when its Swarm is not whole. */
export async function lookAtMade(engine: Docker, { manager, workers }: Topology): Promise<Made> {
  const container = engine.getContainer(manager.name);
  const [nodes, networks] = await Promise.all([
    answerOf(container, ["docker", "node", "ls", "--format", "{{.Status}}"]),
    answerOf(container, ["docker", "network", "ls", "--filter", "driver=overlay", "--format", "{{.Name}}"]),
  ]);
  const ready = nodes.filter((status) => status === "Ready").length;
  if (ready !== workers.length + 1) throw new Error(`${ready} of ${workers.length + 1} nodes are ready`);
  if (!networks.includes(overlay)) throw new Error(`the overlay network ${overlay} is missing`);
  return settingsOf(await container.inspect());
}

/** The settings in which two ways differ, by name. */
export function differences(one: Made, other: Made): string[] {
  return Object.keys(one).filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** What the engine's answer has and the types of its client do not. */
interface HostConfig extends Omit<Docker.HostConfig, "CapAdd" | "CapDrop" | "SecurityOpt"> {
  CapAdd: string[] | null;
  CapDrop: string[] | null;
  SecurityOpt: string[] | null;
  CgroupnsMode?: string;
}

function settingsOf({
  HostConfig: config,
  Mounts: mounts,
  Config: { Image: image },
}: Docker.ContainerInspectInfo): Made {
  const host = config as HostConfig;
  const capabilities = (names: string[] | null) => (names ?? []).map((name) => name.replace(/^CAP_/, "")).sort();
  return {
    image,
    privileged: host.Privileged,
    "dropped capabilities": capabilities(host.CapDrop),
    "added capabilities": capabilities(host.CapAdd),
    "security options": [...(host.SecurityOpt ?? [])].sort(),
    "masked paths": host.MaskedPaths ?? [],
    "read-only paths": host.ReadonlyPaths ?? [],
    "cgroup namespace": host.CgroupnsMode,
    tmpfs: host.Tmpfs,
    memory: [host.Memory, host.MemorySwap],
    cpus: host.NanoCpus,
    "limit of processes": host.PidsLimit ?? 0,
    ports: host.PortBindings,
    "restart policy": host.RestartPolicy?.Name,
    log: host.LogConfig,
    mounts: mounts.map(({ Destination: path, RW: writable }) => `${path} ${writable ? "rw" : "ro"}`).sort(),
  };
}

async function answerOf(container: Docker.Container, command: string[]): Promise<string[]> {
  // A terminal's output comes without frame headers.
  const exec = await container.exec({ Cmd: command, AttachStdout: true, Tty: true });
  const stream = await exec.start({ Tty: true, hijack: true });
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text.split("\r\n").filter(Boolean);
}

/** @throws Error that names what a way's `down` left of its stack. */
export async function refuseRemains(engine: Docker, { plan }: Topology): Promise<void> {
  const filters = { label: [`drydock.stack=${plan.stack}`] };
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  const left = containers.length + networks.length + volumes.length;
  if (left > 0) throw new Error(`${left} objects of stack ${plan.stack} are left after its removal`);
}
