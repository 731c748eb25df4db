import { buffer } from "node:stream/consumers";
import type Docker from "dockerode";
import { extract, pack } from "tar-stream";
import { ifThere } from "../../engine/objects.ts";
import type { SshSession } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { said } from "./said.ts";

/** What runs on a host, as it was read there: enough to make it again on another of that name and address. */
export interface HostContent {
  containers: Docker.ContainerCreateOptions[];
  /** Tar of each container's own files, in the same order. */
  files: Buffer[];
  /** Tar of what its engine trusts, and of its accounts. */
  hostFiles: Buffer;
  probes: string[];
}

/** Folders of a host that components put files into. */
const hostFolders = ["etc/docker/certs.d", "usr/local/bin", "root"];

/** How long a component may take to work, in milliseconds. */
const deadlineMs = 120_000;

/** Reads what runs on a host. @param probes commands that succeed there when all of it works. */
export async function contentOf(session: SshSession, probes: string[]): Promise<HostContent> {
  const engine = session.engine();
  const listed = await engine.listContainers();
  const found = await Promise.all(listed.map(({ Id: id }) => engine.getContainer(id).inspect()));
  const packed = await said(session, `tar -C / -c ${hostFolders.join(" ")} 2> /dev/null | base64 -w 0`);
  return {
    containers: found.map(({ Name: name, Config: config, HostConfig: host }) => ({
      name: name.slice(1),
      Image: config.Image,
      User: config.User,
      Cmd: config.Cmd,
      Labels: config.Labels,
      HostConfig: host,
    })),
    files: await Promise.all(
      found.map(({ Id: id, Mounts: mounts }) => {
        const volumes = mounts.map(({ Destination: path }) => path);
        return ownFiles(engine.getContainer(id), new Set([...mounted, ...volumes]));
      }),
    ),
    hostFiles: Buffer.from(packed, "base64"),
    probes,
  };
}

/** Makes it all again through the engine's API, everything at once, and waits until every probe succeeds. */
export async function makeAgain(session: SshSession, content: HostContent): Promise<void> {
  const engine = session.engine();
  await said(session, "tar -C / -x", { stdin: content.hostFiles });
  await Promise.all(
    content.containers.map(async (options, index) => {
      await pull(engine, options.Image ?? "");
      const container = await engine.createContainer(options);
      await container.putArchive(content.files[index] ?? Buffer.of(), { path: "/" });
      await container.start();
    }),
  );
  await Promise.all(content.probes.map((probe) => working(session, probe)));
}

async function pull(engine: Docker, image: string): Promise<void> {
  if (await ifThere(engine.getImage(image).inspect())) return;
  const stream = await engine.pull(image);
  await new Promise<void>((resolve, reject) => {
    engine.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
  });
}

const working = (session: SshSession, probe: string) =>
  waitFor<true>({
    what: "a component to work",
    deadlineMs,
    everyMs: 20,
    look: async () => {
      const { code, stdout, stderr } = await session.run(probe);
      return code === 0 ? { value: true } : { waiting: stdout.trim() || stderr.trim() };
    },
  });

/** Kind of a change that took a file away, as the engine's API numbers them. */
const deleted = 2;

/** What the engine itself mounts into a container. */
const mounted = ["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"];

/** The files that a container has and its image has not, what is mounted apart, as a tar to be unpacked at its root. */
async function ownFiles(container: Docker.Container, apart: Set<string>): Promise<Buffer> {
  const changes = (await container.changes()) as { Path: string; Kind: number }[];
  const isLeaf = (path: string) => !changes.some((other) => other.Path.startsWith(`${path}/`));
  const leaves = changes.filter(({ Path: path, Kind: kind }) => kind !== deleted && isLeaf(path) && !apart.has(path));
  const tar = pack();
  for (const { Path: path } of leaves) {
    const entries = (await container.getArchive({ path })).pipe(extract());
    for await (const entry of entries) {
      if (entry.header.type === "file") tar.entry({ ...entry.header, name: path.slice(1) }, await buffer(entry));
      else entry.resume();
    }
  }
  tar.finalize();
  return buffer(tar);
}
