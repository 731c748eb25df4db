import { join } from "node:path";
import type Docker from "dockerode";
import { contentHash, readFolder } from "./folder.ts";
import { baseImage, ensureImage, type Progress } from "./image.ts";
import { ensureLayerStore } from "./layerStore.ts";
import { ensureMirror } from "./mirror.ts";

/** All images that a lab's hosts and its registry are made from. */
export interface LabImages {
  hostImage: string;
  mirrorImage: string;
  /** Environment of the registry's container. */
  mirrorEnvironment: string[];
  /** Volume of the layers that hosts share. */
  layersVolume: string;
  /** Where the images come from: a registry outside, or our own builds. */
  origin: "registry" | "bootstrap";
  /** False when all was there already. */
  made: boolean;
}

export interface LabImagesOptions {
  /** Folders of images/. */
  images: readonly string[];
  /** "auto" is what the base image came from. */
  source: "auto" | "registry" | "bootstrap";
}

/** Makes the images of a lab, unless the engine has them; a second process that wants the same joins in. */
export async function ensureLabImages(
  engine: Docker,
  { images, source }: LabImagesOptions,
  progress?: Progress,
): Promise<LabImages> {
  const origin = source === "auto" ? await originOfBase(engine) : source;
  const host = await ensureImage(engine, "host", progress);
  const mirror = await ensureMirror(engine, { images, source: origin }, progress);
  const layers = await ensureLayerStore(engine, { hostImage: host.tag, mirror }, progress);
  return {
    hostImage: host.tag,
    mirrorImage: mirror.image,
    mirrorEnvironment: mirror.environment,
    layersVolume: layers.volume,
    origin,
    made: host.built || mirror.made || layers.made,
  };
}

/** Set-up labels a base image that it bootstrapped; any other was pulled. */
async function originOfBase(engine: Docker): Promise<"registry" | "bootstrap"> {
  const { Config: config } = await engine.getImage(baseImage).inspect();
  const labels = config.Labels as Record<string, string> | null;
  return labels?.["drydock.origin"] === "bootstrap" ? "bootstrap" : "registry";
}

/** Changes with any file of the folders that these images are built from. */
export async function imagesHash(images: readonly string[]): Promise<string> {
  const folders = [...new Set(["host", "registry", ...[...images].sort()])];
  const hashes = folders.map(async (name) => contentHash(name, await readFolder(join(import.meta.dirname, name))));
  return (await Promise.all(hashes)).join("-");
}
