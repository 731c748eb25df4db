import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { ifThere } from "../engine/objects.ts";
import { pinned, serviceImage } from "./catalogue.ts";
import { contentHash } from "./folder.ts";
import { hostKinds, type HostKind } from "./hostKinds.ts";
import { baseImage, ensureImage, recipeFiles, type Progress } from "./image.ts";
import { ensureLayerDisk } from "./layerDisk.ts";
import { ensureLayerStore } from "./layerStore.ts";
import { ensureMirror } from "./mirror.ts";

/** All images that a lab's hosts and its registry are made from. */
export interface LabImages {
  /** What a host's container is made from. */
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
  /** What the hosts are; containers by default. */
  kind?: HostKind;
  /** Folders of images/. */
  images: readonly string[];
  /** "auto" is what the base image came from. */
  source: "auto" | "registry" | "bootstrap";
  /** Ends builds of Go programs. */
  signal?: AbortSignal;
}

/** Makes the images of a lab, unless the engine has them; a second process that wants the same joins in. */
export async function ensureLabImages(
  engine: Docker,
  { kind = "container", images, source, signal }: LabImagesOptions,
  progress?: Progress,
): Promise<LabImages> {
  const origin = source === "auto" ? ((await originOfBase(engine)) ?? "registry") : source;
  // What Go builds for the mirror does not wait for the host, nor the host for it.
  const [host, mirror] = await Promise.all([
    ensureImage(engine, "host", progress),
    ensureMirror(engine, { images, source: origin, signal }, progress),
  ]);
  const store = await ensureLayerStore(engine, { hostImage: host.tag, mirror }, progress);
  const vm = kind === "vm" ? await ensureImage(engine, hostKinds.vm.image, progress) : undefined;
  const layers = vm ? await ensureLayerDisk(engine, { vmImage: vm.tag, store: store.volume }, progress) : store;
  return {
    hostImage: (vm ?? host).tag,
    mirrorImage: mirror.image,
    mirrorEnvironment: mirror.environment,
    layersVolume: layers.volume,
    origin,
    made: host.built || mirror.made || store.made || layers.made || (vm?.built ?? false),
  };
}

/**
 * Where an engine's images come from: set-up labels a base image that it bootstrapped; any other was pulled.
 * @returns undefined when there is no base image yet.
 */
export async function originOfBase(engine: Docker): Promise<LabImages["origin"] | undefined> {
  const found = await ifThere(engine.getImage(baseImage).inspect());
  if (!found) return undefined;
  const { Config: config } = found;
  const labels = config.Labels as Record<string, string> | null;
  return labels?.["drydock.origin"] === "bootstrap" ? "bootstrap" : "registry";
}

/** Changes with anything that these images are built from, and with what is pulled in their place. */
export async function imagesHash(kind: HostKind, images: readonly string[]): Promise<string> {
  const services = [...images].sort();
  const hosts = new Set(["host", hostKinds[kind].image]);
  const built = new Set([
    ...hosts,
    "registry",
    ...services.filter((name) => serviceImage(name).noRecipe === undefined),
  ]);
  const hashes = await Promise.all([...built].map(async (name) => contentHash(name, await recipeFiles(name))));
  const pulled = createHash("sha256").update(JSON.stringify(services.map((name) => pinned(serviceImage(name)))));
  return [...hashes, pulled.digest("hex").slice(0, 12)].join("-");
}
