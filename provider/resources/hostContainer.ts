import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { pack } from "tar-stream";
import { outerEngineClient } from "../../engine/outer.ts";
import { ifThere, removeContainer } from "../../engine/objects.ts";
import { isOwn, label, lastingLabels } from "../../stacks/labels.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import { hostKinds, type HostKind } from "../../images/hostKinds.ts";
import type { Handler } from "../handler.ts";

export interface HostContainerInputs {
  /** The outer engine, such as "unix:///var/run/docker.sock". */
  engineUrl: string;
  kind: HostKind;
  name: string;
  hostname: string;
  image: string;
  network: string;
  /** Of that network as it is now: on one that was made anew a container does not start again. */
  networkId: string;
  address: string;
  /** Loopback port of its sshd. */
  sshPort: number;
  labels: Record<string, string>;
  memoryMib: number;
  /** Cores. */
  cpus: number;
  pids: number;
  /** Volume of what its engine keeps. */
  volume: string;
  /** Volume of image layers that hosts share, mounted read-only; empty for none. */
  layersVolume: string;
  /** Files of mode 600, by path, that are there before the host starts. Secret. */
  files: Record<string, string>;
}

export interface HostContainerOutputs {
  containerId: string;
  /** And neither frozen nor taken off its network. */
  running: boolean;
}

type State = HostContainerInputs & HostContainerOutputs;

export const specLabel = "drydock.spec";

/** A container that is a host, or runs one as a virtual machine: with a dockerd and an sshd of its own. */
export const hostContainer: Handler<HostContainerInputs, HostContainerOutputs> = {
  async create(inputs) {
    const engine = outerEngineClient(inputs.engineUrl);
    const containerId = (await adopt(engine, inputs)) ?? (await make(engine, inputs));
    await run(engine, containerId, inputs);
    return { id: containerId, outputs: { containerId, running: true } };
  },

  async read(id, state) {
    const found = await inspect(outerEngineClient(state.engineUrl), id);
    return found && { containerId: found.Id, running: isRunning(found, state) };
  },

  async update(id, _state, inputs) {
    const engine = outerEngineClient(inputs.engineUrl);
    await engine.getContainer(id).update(limits(inputs));
    await run(engine, id, inputs);
    return { containerId: id, running: true };
  },

  async delete(id, state) {
    await removeContainer(outerEngineClient(state.engineUrl), id);
  },

  replaceOn: [
    "kind",
    "name",
    "hostname",
    "image",
    "network",
    "networkId",
    "address",
    "sshPort",
    "labels",
    "volume",
    "layersVolume",
    "files",
  ],
  ignore: ["engineUrl"],
  drifted: ({ running }: State) => !running,
};

/** A container of this name that an interrupted `up` left: taken over when it is what we want, else removed. */
async function adopt(engine: Docker, inputs: HostContainerInputs): Promise<string | undefined> {
  const found = await inspect(engine, inputs.name);
  if (!found) return undefined;
  const { Labels: labels } = found.Config;
  if (!isOwn(labels, inputs.labels)) {
    throw new VisibleError(`The container name ${inputs.name} is taken`, {
      details: [`its holder: ${labels[label.home] ?? "not Drydock"}, image ${found.Config.Image}`],
      fix: "choose another stack name, or remove that container",
    });
  }
  if (labels[specLabel] !== specOf(inputs) || found.State.StartedAt < "0001-01-02") {
    await removeContainer(engine, found.Id);
    return undefined;
  }
  await engine.getContainer(found.Id).update(limits(inputs));
  return found.Id;
}

async function make(engine: Docker, inputs: HostContainerInputs): Promise<string> {
  await refuseMissingLayers(engine, inputs.layersVolume);
  const container = await engine.createContainer(containerOptions(inputs));
  await container.putArchive(archive(inputs.files), { path: "/" });
  return container.id;
}

/** What the engine is asked for, the files apart. */
export function containerOptions(inputs: HostContainerInputs): Docker.ContainerCreateOptions {
  const { privileges, data, stopTimeoutSec } = hostKinds[inputs.kind];
  return {
    name: inputs.name,
    Hostname: inputs.hostname,
    Image: inputs.image,
    Labels: { ...inputs.labels, [specLabel]: specOf(inputs) },
    ExposedPorts: { "22/tcp": {} },
    StopTimeout: stopTimeoutSec,
    HostConfig: {
      ...privileges,
      ...limits(inputs),
      NetworkMode: inputs.network,
      Binds: [
        `${inputs.volume}:${data}`,
        ...(inputs.layersVolume ? [`${inputs.layersVolume}:/var/lib/drydock/layers:ro`] : []),
      ],
      PortBindings: { "22/tcp": [{ HostIp: "127.0.0.1", HostPort: String(inputs.sshPort) }] },
      RestartPolicy: { Name: "unless-stopped" },
      LogConfig: { Type: "json-file", Config: { "max-size": "10m", "max-file": "2" } },
    },
    NetworkingConfig: { EndpointsConfig: { [inputs.network]: { IPAMConfig: { IPv4Address: inputs.address } } } },
  };
}

/** The engine would make an empty volume of that name, and the host would have no images. */
async function refuseMissingLayers(engine: Docker, volume: string): Promise<void> {
  if (!volume) return;
  if (await ifThere(engine.getVolume(volume).inspect())) return;
  throw new VisibleError(`The layer store ${volume} is gone`, {
    details: ["another command removed the images that no stack used, just now"],
    fix: "Run ./drydock up again: it makes them again.",
  });
}

function isRunning({ State: state, NetworkSettings }: Docker.ContainerInspectInfo, { network }: HostContainerInputs) {
  return state.Running && !state.Paused && network in NetworkSettings.Networks;
}

/** Starts a host, thaws it, or takes it back to its network: whatever keeps it from running. */
async function run(engine: Docker, id: string, { kind, network, address }: HostContainerInputs): Promise<void> {
  const container = engine.getContainer(id);
  const { State: state, NetworkSettings } = await container.inspect();
  const detached = !(network in NetworkSettings.Networks);
  if (detached)
    await engine
      .getNetwork(network)
      .connect({ Container: id, EndpointConfig: { IPAMConfig: { IPv4Address: address } } });
  // A guest is bridged to the link that its container had at the start.
  if (detached && kind === "vm") await container.restart();
  else if (state.Paused) await container.unpause();
  else if (!state.Running) await container.start();
}

const inspect = (engine: Docker, id: string) => ifThere(engine.getContainer(id).inspect());

function limits({ memoryMib, cpus, pids }: HostContainerInputs) {
  const Memory = memoryMib * 2 ** 20;
  return { Memory, MemorySwap: Memory, NanoCpus: Math.round(cpus * 1e9), PidsLimit: pids };
}

/** What the container was made from, as a hash: of the files' secrets no more shows. What can change later is left out. */
function specOf(inputs: HostContainerInputs): string {
  const later = { engineUrl: undefined, memoryMib: undefined, cpus: undefined, pids: undefined };
  const spec = { ...inputs, ...later, labels: lastingLabels(inputs.labels) };
  return createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
}

/** The files as a tar archive to be unpacked at the container's root. */
export function archive(files: Record<string, string>): NodeJS.ReadableStream {
  const tar = pack();
  for (const [path, content] of Object.entries(files)) tar.entry({ name: path.slice(1), mode: 0o600 }, content);
  tar.finalize();
  return tar as unknown as NodeJS.ReadableStream;
}
