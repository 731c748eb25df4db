import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { fillVolume, isFilled } from "./filledVolume.ts";
import { hostPrivileges } from "./hostPrivileges.ts";
import { baseImage, type Progress } from "./image.ts";
import { exclusively } from "./lock.ts";
import type { Mirror } from "./mirror.ts";
import { withRegistry } from "./temporaryRegistry.ts";

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

/** Pulls through a cache on a slow line are in it. */
const fillDeadlineSec = 1_800;

/**
 * Makes the layer store of these images, unless the engine has it.
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
  if (await isFilled(engine, volume)) return { volume, made: false };
  return exclusively(engine, baseImage, progress, async () => {
    const made = !(await isFilled(engine, volume));
    if (made) await fill(engine, volume, options, progress);
    return { volume, made };
  });
}

async function fill(
  engine: Docker,
  volume: string,
  { hostImage, mirror: { image, environment, serves } }: LayerStoreOptions,
  progress: Progress,
): Promise<void> {
  await withRegistry(engine, image, environment, async ({ container, url }) => {
    progress(`layers: ${serves.map(({ pull }) => pull).join(", ")}`);
    await fillVolume(engine, volume, fillDeadlineSec, {
      Image: hostImage,
      Entrypoint: ["drydock-layers"],
      Cmd: [url, ...serves.map(({ pull, alsoNamed }) => [pull, ...alsoNamed].join("="))],
      HostConfig: {
        ...hostPrivileges,
        NetworkMode: `container:${container.id}`,
        Binds: [`${volume}:/var/lib/docker`],
      },
    });
  });
}
