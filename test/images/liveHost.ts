import type Docker from "dockerode";
import { pack } from "tar-stream";
import { connectSsh, type SshSession, type SshTarget } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { hostPrivileges } from "../../images/hostPrivileges.ts";
import { sshKey } from "../../provider/resources/sshKey.ts";

/** A host container of a test, as docs/images.md says one is created. */
export interface LiveHost {
  container: Docker.Container;
  /** Starts it. */
  start(): Promise<SshTarget>;
}

export interface LiveHostOptions {
  /** Container name; must start with "imgtest-". */
  name: string;
  image: string;
  network: string;
  /** "host:port" of the registry that is its mirror. */
  mirror?: string;
  /** Volume of a layer store. */
  layers?: string;
}

export async function liveHost(engine: Docker, options: LiveHostOptions): Promise<LiveHost> {
  const { name, image, network, mirror, layers } = options;
  const volume = `${name}-docker`;
  const [identity, access] = await Promise.all([sshKey.create({ comment: name }), sshKey.create({ comment: name })]);
  const container = await engine.createContainer({
    name,
    Hostname: name,
    Image: image,
    HostConfig: {
      ...hostPrivileges,
      NetworkMode: network,
      Binds: [`${volume}:/var/lib/docker`, ...(layers ? [`${layers}:/var/lib/drydock/layers:ro`] : [])],
      PortBindings: { "22/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
    },
  });
  const files = {
    "etc/drydock/ssh_host_ed25519_key": identity.outputs.privateKey,
    "etc/drydock/authorized_keys": access.outputs.publicKey,
    "etc/docker/daemon.json": JSON.stringify({
      bip: "10.250.0.1/26",
      "default-address-pools": [{ base: "10.250.0.0/22", size: 26 }],
      ...(mirror ? { "registry-mirrors": [`http://${mirror}`], "insecure-registries": [mirror] } : {}),
    }),
  };
  const archive = pack();
  for (const [path, content] of Object.entries(files)) archive.entry({ name: path, mode: 0o600 }, content);
  archive.finalize();
  await container.putArchive(archive as unknown as NodeJS.ReadableStream, { path: "/" });

  return {
    container,
    async start() {
      await container.start();
      const { Ports: ports } = (await container.inspect()).NetworkSettings;
      const port = Number(ports["22/tcp"]?.[0]?.HostPort);
      const { privateKey } = access.outputs;
      return { host: "127.0.0.1", port, user: "root", hostKey: identity.outputs.publicKey, privateKey };
    },
  };
}

/** A session with a host whose engine answers, as soon as it does. */
export function ready(target: SshTarget): Promise<SshSession> {
  return waitFor<SshSession>({
    what: "the host's engine over SSH",
    deadlineMs: 60_000,
    everyMs: 10,
    look: async () => {
      try {
        const session = await connectSsh(target, { deadlineMs: 5_000 });
        await session
          .engine()
          .ping()
          .catch((error: unknown) => {
            session.close();
            throw error;
          });
        return { value: session };
      } catch (error) {
        return { waiting: String(error) };
      }
    },
  });
}
