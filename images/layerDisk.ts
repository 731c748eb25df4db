import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { hostPrivileges } from "./hostPrivileges.ts";
import { baseImage, type Progress } from "./image.ts";
import { isFilled, fillVolume } from "./filledVolume.ts";
import type { LayerStore } from "./layerStore.ts";
import { exclusively } from "./lock.ts";

export interface LayerDiskOptions {
  /** The image of virtual machines, by tag. */
  vmImage: string;
  /** Volume of the layer store. */
  store: string;
}

/** A large store is copied in seconds. */
const fillDeadlineSec = 600;

/** Makes a disk of a layer store, for guests to read, unless the engine has it: a volume with one file, layers.ext4. */
export async function ensureLayerDisk(
  engine: Docker,
  { vmImage, store }: LayerDiskOptions,
  progress: Progress = () => undefined,
): Promise<LayerStore> {
  const volume = `drydock-disk-${createHash("sha256").update(`${vmImage} ${store}`).digest("hex").slice(0, 12)}`;
  if (await isFilled(engine, volume)) return { volume, made: false };
  return exclusively(engine, baseImage, progress, async () => {
    const made = !(await isFilled(engine, volume));
    if (made) {
      progress("layers: a disk of them");
      await fillVolume(engine, volume, fillDeadlineSec, {
        Image: vmImage,
        Entrypoint: ["drydock-layer-disk"],
        // Layers have files that only their owners read, and attributes that only SYS_ADMIN sees.
        HostConfig: {
          ...hostPrivileges,
          NetworkMode: "none",
          Binds: [`${volume}:/disk`, `${store}:/var/lib/drydock/layers:ro`],
        },
      });
    }
    return { volume, made };
  });
}
