import type Docker from "dockerode";
import { isStatus } from "../engine/status.ts";
import { removeContainer } from "../engine/objects.ts";
import { within } from "./within.ts";

const labels = { "drydock.cache": "layers" };

/**
 * Whether a volume has been filled: the container of its name, which filled it, stays, ended well. That keeps the volume
 * from being pruned, too.
 */
export async function isFilled(engine: Docker, volume: string): Promise<boolean> {
  try {
    const { State: state } = await engine.getContainer(volume).inspect();
    return state.Status === "exited" && state.ExitCode === 0;
  } catch (error) {
    if (isStatus(error, 404)) return false;
    throw error;
  }
}

/**
 * Makes a volume, and fills it by a container of its name.
 * @param options Of that container, which mounts the volume.
 * @throws Error with the end of its log when it fails.
 */
export async function fillVolume(
  engine: Docker,
  volume: string,
  deadlineSec: number,
  options: Docker.ContainerCreateOptions,
): Promise<void> {
  await removeContainer(engine, volume);
  await engine.createVolume({ Name: volume, Labels: labels });
  const filler = await engine.createContainer({
    name: volume,
    Labels: labels,
    // So that its log comes without frame headers.
    Tty: true,
    ...options,
  });
  await filler.start();
  await within(deadlineSec, `the layer store ${volume}`, (abortSignal) => filler.wait({ abortSignal }));
  if (await isFilled(engine, volume)) return;
  const log = await filler.logs({ stdout: true, stderr: true, tail: 20 });
  throw new Error(`The layer store ${volume} could not be filled:\n${String(log)}`);
}
