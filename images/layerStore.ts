import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { isStatus } from "../engine/status.ts";
import { hostPrivileges } from "./hostPrivileges.ts";
import { baseImage, type Progress } from "./image.ts";
import { exclusively } from "./lock.ts";
import type { Mirror } from "./mirror.ts";
import { removeContainer } from "../engine/objects.ts";
import { withRegistry } from "./temporaryRegistry.ts";
import { within } from "./within.ts";

export interface LayerStoreOptions {
  /** The host image, by tag. */
  hostImage: string;
  /** Where the images come from, and which. */
  mirror: Mirror;
}

/** Images unpacked once for all hosts. A host that mounts it read-only at /var/lib/drydock/layers holds the images. */
export interface LayerStore {
  volume: string;
  /** False when it was there already. */
  made: boolean;
}

const labels = { "drydock.cache": "layers" };

/** Pulls through a cache on a slow line are in it. */
const fillDeadlineSec = 1_800;

/**
 * Makes the layer store of these images, unless the engine has it.
 *
 * A container of the volume's name fills it, and stays: it keeps the volume from being pruned, and that it ended well is
 * the sign that the store is complete.
 * @throws Error with the end of its log when it fails.
 */
export async function ensureLayerStore(
  engine: Docker,
  options: LayerStoreOptions,
  progress: Progress = () => undefined,
): Promise<LayerStore> {
  const { hostImage, mirror } = options;
  const identity = JSON.stringify([hostImage, mirror.image, mirror.environment, mirror.serves]);
  const volume = `drydock-layers-${createHash("sha256").update(identity).digest("hex").slice(0, 12)}`;
  if (await isComplete(engine, volume)) return { volume, made: false };
  return exclusively(engine, baseImage, progress, async () => {
    const made = !(await isComplete(engine, volume));
    if (made) await fill(engine, volume, options, progress);
    return { volume, made };
  });
}

async function isComplete(engine: Docker, volume: string): Promise<boolean> {
  try {
    const { State: state } = await engine.getContainer(volume).inspect();
    return state.Status === "exited" && state.ExitCode === 0;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

async function fill(
  engine: Docker,
  volume: string,
  { hostImage, mirror: { image, environment, serves } }: LayerStoreOptions,
  progress: Progress,
): Promise<void> {
  await removeContainer(engine, volume);
  await withRegistry(engine, image, environment, async ({ container, url }) => {
    progress(`layers: ${serves.map(({ pull }) => pull).join(", ")}`);
    await engine.createVolume({ Name: volume, Labels: labels });
    const filler = await engine.createContainer({
      name: volume,
      Image: hostImage,
      Labels: labels,
      // So that its log comes without frame headers.
      Tty: true,
      Entrypoint: ["drydock-layers"],
      Cmd: [url, ...serves.map(({ pull, alsoNamed }) => [pull, ...alsoNamed].join("="))],
      HostConfig: {
        ...hostPrivileges,
        NetworkMode: `container:${container.id}`,
        Binds: [`${volume}:/var/lib/docker`],
      },
    });
    await filler.start();
    await within(fillDeadlineSec, `the layer store ${volume}`, (abortSignal) => filler.wait({ abortSignal }));
    if (await isComplete(engine, volume)) return;
    const log = await filler.logs({ stdout: true, stderr: true, tail: 20 });
    throw new Error(`The layer store ${volume} could not be filled:\n${String(log)}`);
  });
}
