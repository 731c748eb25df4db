import type Docker from "dockerode";
import { removeContainer } from "../engine/objects.ts";
import { removeTemporary } from "./remove.ts";
import { within } from "./within.ts";

/** Port of a registry in its container. */
const port = 5_000;

/** A registry that runs while work needs it. */
export interface TemporaryRegistry {
  container: Docker.Container;
  /** Where the engine itself reaches it. */
  address: string;
  /** Where a container in its network namespace reaches it. */
  url: string;
}

/**
 * Runs a registry for some work. Only for the holder of the lock.
 * @param environment of the registry, as "NAME=value".
 */
export async function withRegistry<T>(
  engine: Docker,
  image: string,
  environment: string[],
  work: (registry: TemporaryRegistry) => Promise<T>,
): Promise<T> {
  await removeTemporary(engine);
  const container = await engine.createContainer({
    name: "drydock-temporary-registry",
    Image: image,
    Env: environment,
    Labels: { "drydock.cache": "temporary" },
    HostConfig: { PortBindings: { [`${port}/tcp`]: [{ HostIp: "127.0.0.1", HostPort: "" }] } },
  });
  try {
    await container.start();
    await within(30, `the registry ${image} to listen`, (signal) => listening(container, signal));
    const { Ports: ports } = (await container.inspect()).NetworkSettings;
    const address = `127.0.0.1:${ports[`${port}/tcp`]?.[0]?.HostPort}`;
    return await work({ container, address, url: `http://127.0.0.1:${port}` });
  } finally {
    await removeContainer(engine, container.id);
  }
}

async function listening(container: Docker.Container, abortSignal: AbortSignal): Promise<void> {
  const log = await container.logs({ follow: true, stdout: true, stderr: true, abortSignal });
  let seen = "";
  for await (const chunk of log) {
    seen += String(chunk);
    if (seen.includes("listening on")) return;
  }
  throw new Error(`The registry stopped before it listened:\n${seen}`);
}
