import type Docker from "dockerode";
import { isStatus } from "../engine/status.ts";
import { baseImage, idOf } from "./image.ts";
import { exclusively } from "./lock.ts";
import { removeContainer } from "../engine/objects.ts";
import { removeTemporary } from "./remove.ts";

/** Something on the engine that stacks share: it belongs to none of them. */
export interface CacheEntry {
  kind: "image" | "layers";
  /** An image's name, or its id when it has none; a layer store's volume. */
  name: string;
  /** Containers that need it, by name; with none it can go. */
  usedBy: string[];
}

/** What Drydock keeps on an engine from one stack to the next, the base image apart: that is set-up's. */
export async function listCache(engine: Docker): Promise<CacheEntry[]> {
  const labelled = (value: string) => ({ filters: { label: [`drydock.cache=${value}`] } });
  const [containers, images, mirrors, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listImages(labelled("image")),
    engine.listImages(labelled("mirror")),
    engine.listVolumes(labelled("layers")),
  ]);
  const others = containers.filter(({ Labels: labels }) => !ownCaches.has(labels["drydock.cache"] ?? ""));
  // A disk comes before the store that it was made from.
  const newest = [...volumes].sort((a, b) => createdAt(b).localeCompare(createdAt(a)));
  const stores = newest.map(({ Name: name }): CacheEntry => {
    const mounting = others.filter(({ Mounts: mounts }) => mounts.some((mount) => mount.Name === name));
    return { kind: "layers", name, usedBy: mounting.map(nameOf) };
  });
  // The container that filled a layer store stays as long as the store does.
  const kept = new Set(stores.filter(({ usedBy }) => usedBy.length > 0).map(({ name }) => name));
  const users = [...others, ...containers.filter((container) => kept.has(nameOf(container)))];
  // Children come before the images that they were made from.
  const newestFirst = [...images, ...mirrors].sort((a, b) => b.Created - a.Created);
  return [
    ...stores,
    ...newestFirst.flatMap(({ Id: id, RepoTags: tags }) => {
      const usedBy = users.filter(({ ImageID: image }) => image === id).map(nameOf);
      const names = (tags ?? []).filter((tag) => tag !== "<none>:<none>");
      return (names.length > 0 ? names : [id]).map((name): CacheEntry => ({ kind: "image", name, usedBy }));
    }),
  ];
}

/** Labels of containers that are of the cache themselves. */
const ownCaches = new Set(["layers", "temporary"]);

/** ISO date-time, which an engine tells of volumes and dockerode's types do not know. */
const createdAt = (volume: object) => ("CreatedAt" in volume ? String(volume.CreatedAt) : "");

const nameOf = ({ Id: id, Names: names }: Docker.ContainerInfo) => names[0]?.slice(1) ?? id;

/**
 * Removes from an engine what no container needs.
 * @returns what it removed.
 */
export async function removeCache(engine: Docker): Promise<CacheEntry[]> {
  const image = (await idOf(engine, baseImage)) ?? (await listCache(engine)).find(({ kind }) => kind === "image")?.name;
  if (image === undefined) return removeUnused(engine);
  return exclusively(
    engine,
    image,
    () => undefined,
    () => removeUnused(engine),
  );
}

async function removeUnused(engine: Docker): Promise<CacheEntry[]> {
  await removeTemporary(engine);
  const removed: CacheEntry[] = [];
  for (const entry of await listCache(engine)) {
    if (entry.usedBy.length === 0 && (await remove(engine, entry))) removed.push(entry);
  }
  return removed;
}

/** False when something came to need it meanwhile, or it went with another. */
async function remove(engine: Docker, { kind, name }: CacheEntry): Promise<boolean> {
  try {
    if (kind === "layers") {
      await removeContainer(engine, name);
      await engine.getVolume(name).remove();
    } else {
      await engine.getImage(name).remove();
    }
    return true;
  } catch (error) {
    if (isStatus(error, 404) || isStatus(error, 409)) return false;
    throw error;
  }
}
