import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { extract } from "tar-stream";
import { label } from "../stacks/labels.ts";

const inImage = "/usr/libexec/docker/cli-plugins/docker-compose";

/** A command that is Docker Compose, or why there is none. */
export type FoundCompose = { command: string[] } | { missing: string };

/**
 * Finds Docker Compose 2: the machine's plugin, else the one of Debian's package that the host image has, which runs by
 * itself. Compose 1 knows neither private cgroup namespaces nor unmasked paths, so it cannot make a host.
 */
export async function findCompose(engine: Docker, hostImage: string, folder: string): Promise<FoundCompose> {
  if ((await execa("docker", ["version"], { reject: false })).failed) {
    return { missing: "there is no docker command that its script could use" };
  }
  const plugin = ["docker", "compose"];
  if (await answers(plugin)) return { command: plugin };
  const copied = join(folder, "docker-compose");
  await copyFromImage(engine, hostImage, copied);
  if (await answers([copied])) return { command: [copied] };
  return { missing: "the machine has no docker compose plugin, and that of the host image does not run here" };
}

async function answers([program = "", ...args]: string[]): Promise<boolean> {
  return !(await execa(program, [...args, "version"], { reject: false, stdin: "ignore" })).failed;
}

async function copyFromImage(engine: Docker, image: string, path: string): Promise<void> {
  const container = await engine.createContainer({ Image: image, Labels: { [label.cache]: "temporary" } });
  try {
    const archive = await container.getArchive({ path: inImage });
    for await (const entry of archive.pipe(extract())) await writeFile(path, entry as AsyncIterable<Buffer>);
    await chmod(path, 0o700);
  } finally {
    await container.remove({ force: true });
  }
}
