import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { afterAll, beforeAll } from "vitest";
import { outerEngine, outerEngineClient } from "../../../engine/outer.ts";
import { ping } from "../../../engine/ping.ts";
import { sshDestination, sshOptions } from "../../../engine/remoteMachine.ts";
import { waitFor } from "../../../engine/wait.ts";
import { hostPrivileges } from "../../../images/hostPrivileges.ts";
import { ensureImage } from "../../../images/image.ts";
import { archive } from "../../../provider/resources/hostContainer.ts";
import { sshKey } from "../../../provider/resources/sshKey.ts";
import { homeLabel } from "../../../stacks/home.ts";
import { label } from "../../../stacks/labels.ts";
import type { Sandbox } from "./sandbox.ts";
import { testStack } from "./testStack.ts";

/** A machine with an engine that is reached over SSH: a host container, whose engine is empty at first. */
export interface RemoteMachine {
  /** "ssh://root@127.0.0.1:PORT". */
  url: string;
  container: Docker.Container;
  /** Its engine. */
  docker: Docker;
  /** Its line for known_hosts. */
  knownHost: string;
}

/**
 * Gives the tests of this file machines that OpenSSH reaches as their user. They go with the last test. Their host keys are
 * known once `know` was called.
 */
export function useRemoteMachines(
  sandbox: Sandbox,
  count: number,
): { machines: RemoteMachine[]; know: () => Promise<void> } {
  const machines: RemoteMachine[] = [];
  const ssh = () => join(sandbox.user, ".ssh");
  const know = () => writeFile(join(ssh(), "known_hosts"), machines.map(({ knownHost }) => knownHost).join(""));

  beforeAll(async () => {
    const engine = await outerEngine();
    const { tag: image } = await ensureImage(engine, "host");
    const { outputs: key } = await sshKey.create({ comment: "user" });
    await mkdir(ssh(), { mode: 0o700 });
    await writeFile(join(ssh(), "id_ed25519"), key.privateKey, { mode: 0o600 });
    const config = [`IdentityFile "${ssh()}/id_ed25519"`, `UserKnownHostsFile "${ssh()}/known_hosts"`];
    await writeFile(join(ssh(), "config"), ["Host 127.0.0.1", ...config, "Host *", ""].join("\n"), { mode: 0o600 });
    // OpenSSH takes the home from the user database, not from the environment.
    const bin = join(sandbox.root, "bin");
    await mkdir(bin);
    const real = spawnSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).stdout.trim();
    await writeFile(join(bin, "ssh"), `#!/bin/sh\nexec ${real} -F "${ssh()}/config" "$@"\n`, { mode: 0o755 });
    process.env.PATH = `${bin}:${process.env.PATH}`;
    for (let number = 1; number <= count; number++)
      machines.push(await makeMachine(engine, image, number, key.publicKey));
    await know();
    for (const { url, docker } of machines) {
      await answers(url, docker);
      // A connection that lingers would need no known host.
      spawnSync("ssh", [...sshOptions(url), "-O", "exit", ...sshDestination(url)]);
    }
    await writeFile(join(ssh(), "known_hosts"), "");
  });

  afterAll(() => Promise.all(machines.map(({ container }) => container.remove({ force: true, v: true }))));

  return { machines, know };
}

async function makeMachine(engine: Docker, image: string, number: number, user: string): Promise<RemoteMachine> {
  const { outputs: identity } = await sshKey.create({ comment: "machine" });
  const name = testStack(`machine-${number}`);
  const container = await engine.createContainer({
    name: `drydock-${name}`,
    Hostname: `lab${number}`,
    Image: image,
    // A test that failed leaves it to its sandbox, as it would a stack.
    Labels: { [label.project]: "drydock", [label.stack]: name, [label.home]: homeLabel() },
    Volumes: { "/var/lib/docker": {} },
    HostConfig: {
      ...hostPrivileges,
      PortBindings: { "22/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] },
    },
  });
  const files = {
    "/etc/drydock/ssh_host_ed25519_key": identity.privateKey,
    "/etc/drydock/authorized_keys": user,
    "/etc/docker/daemon.json": JSON.stringify({ bip: "10.250.0.1/26" }),
  };
  await container.putArchive(archive(files), { path: "/" });
  await container.start();
  const { Ports: ports } = (await container.inspect()).NetworkSettings;
  const port = ports["22/tcp"]?.[0]?.HostPort ?? "";
  const url = `ssh://root@127.0.0.1:${port}`;
  return { url, container, docker: outerEngineClient(url), knownHost: `[127.0.0.1]:${port} ${identity.publicKey}\n` };
}

const answers = (url: string, docker: Docker) =>
  waitFor<true>({
    what: `the engine ${url}`,
    deadlineMs: 60_000,
    look: () =>
      ping(docker).then(
        () => ({ value: true }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
