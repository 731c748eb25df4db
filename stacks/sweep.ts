import type Docker from "dockerode";
import { ifThere, removeContainer } from "../engine/objects.ts";
import type { OwnObject } from "./inventory.ts";

/**
 * Removes objects: containers first, all at once, then what they held. What is gone already is fine.
 * @returns what could not be removed, a line each with the engine's reason; the rest is gone all the same.
 */
export async function sweep(engine: Docker, objects: OwnObject[]): Promise<string[]> {
  const containers = objects.filter(({ kind }) => kind === "container");
  const others = objects.filter(({ kind }) => kind !== "container");
  return [...(await removeAll(engine, containers)), ...(await removeAll(engine, others))];
}

async function removeAll(engine: Docker, objects: OwnObject[]): Promise<string[]> {
  const results = await Promise.allSettled(objects.map((object) => remove(engine, object)));
  return results.flatMap((result, index) =>
    result.status === "rejected"
      ? [`${objects[index]?.kind} ${objects[index]?.name}: ${(result.reason as Error).message.trim()}`]
      : [],
  );
}

async function remove(engine: Docker, { kind, id }: OwnObject): Promise<void> {
  if (kind === "container") await removeContainer(engine, id);
  else await ifThere<unknown>(kind === "network" ? engine.getNetwork(id).remove() : engine.getVolume(id).remove());
}
