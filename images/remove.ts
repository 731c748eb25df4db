import type Docker from "dockerode";
import { removeContainer } from "../engine/objects.ts";
import { isStatus } from "../engine/status.ts";

/** Removes what a process that was killed at work on images left. Only for the holder of the lock. */
export async function removeTemporary(engine: Docker): Promise<void> {
  const containers = await engine.listContainers({ all: true, filters: { label: ["drydock.cache=temporary"] } });
  for (const { Id: id, Names: names } of containers) {
    if (!names.includes("/drydock-lock")) await removeContainer(engine, id);
  }
  const images = await engine.listImages({ filters: { label: ["drydock.cache=image"] } });
  for (const name of images.flatMap(({ RepoTags: names }) => names ?? [])) {
    if (name.startsWith("127.0.0.1:")) await engine.getImage(name).remove().catch(ignoreGone);
  }
}

/** Passes over "no such object" and "its removal is in progress". */
function ignoreGone(error: unknown): void {
  if (!isStatus(error, 404) && !isStatus(error, 409)) throw error;
}
