import { createHash, randomBytes } from "node:crypto";
import { Client, type SFTPWrapper } from "ssh2";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { connectSsh, type RunResult, type SshTarget } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { capabilities } from "../../labs/lab.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import { keyPair } from "../engine/sshServer.ts";

/** A host of some kind, up and ready, as the contract sees it. */
export interface ContractHost {
  /** What the lab's other hosts call it. */
  name: string;
  /** What it calls itself: its name, or, of a machine that exists, the one that it had. */
  hostname: string;
  /** Its address on the lab network. */
  address: string;
  ssh: SshTarget;
  /** Waits until its engine answers, as its resource does, and finds what it can do. */
  ready(): Promise<HostReadyOutputs>;
}

/** Two hosts of a kind on one lab network, with the image busybox. */
export interface ContractLab {
  hosts: readonly [ContractHost, ContractHost];
  /** What a Swarm may cut overlay networks from, in CIDR. */
  overlayPool: string;
  /** The lines of `sshd -T` by which no password lets anybody in as root. */
  refusesPasswords: readonly string[];
  /** What logging in ends with once the hosts are removed: nothing is reached, or a machine that knows the key no more. */
  refusal: string;
  /** Removes the hosts and all that was made for them; one more time does nothing. */
  remove(): Promise<void>;
  /** What there is of them, in words; nothing once they are removed. */
  traces(): Promise<string[]>;
}

/** A virtual machine that is emulated boots in minutes; waits inside a test have deadlines of their own. */
const timeoutMs = 900_000;

/** The same machine on a busy one took longer than 10 s to shake hands. */
const connectMs = 60_000;

/** What every kind of host must do, whatever it is made of. */
export function hostContract(kind: string, make: () => Promise<ContractLab>): void {
  describe(`a host of kind ${kind}`, { timeout: timeoutMs }, () => {
    let lab: ContractLab;
    let host: ContractHost;
    let other: ContractHost;

    beforeAll(async () => {
      lab = await make();
      [host, other] = lab.hosts;
    }, timeoutMs);

    afterAll(() => lab.remove(), timeoutMs);

    const run = async (command: string, stdin?: string, on = host): Promise<RunResult> => {
      const session = await connectSsh(on.ssh, { deadlineMs: connectMs });
      try {
        return await session.run(command, { stdin, timeoutMs: 120_000 });
      } finally {
        session.close();
      }
    };
    const output = async (command: string, on = host): Promise<string> => {
      const { code, stdout, stderr } = await run(command, undefined, on);
      expect(`${command}: ${code} ${code === 0 ? "" : stderr}`).toBe(`${command}: 0 `);
      return stdout.trim();
    };

    test("runs commands, with their input, outputs and exit code", async () => {
      expect(await run("cat; echo trouble >&2; exit 7", "words")).toEqual({
        code: 7,
        stdout: "words",
        stderr: "trouble\n",
      });
      expect(await output("id -un")).toBe("root");
    });

    test("has its name, and its address on the lab network", async () => {
      expect(await output("hostname")).toBe(host.hostname);
      expect(await output("hostname -I")).toContain(host.address);
    });

    test("is refused when it shows another key than the pinned one", async () => {
      const impostor = { ...host.ssh, hostKey: keyPair().publicKey };

      await expect(connectSsh(impostor, { deadlineMs: connectMs })).rejects.toThrow("Host denied");
    });

    test("refuses another key than the learner's, and any password", async () => {
      const stranger = { ...host.ssh, privateKey: keyPair().privateKey };

      await expect(connectSsh(stranger, { deadlineMs: connectMs })).rejects.toThrow("authentication methods failed");
      expect((await output("sshd -T")).split("\n")).toEqual(expect.arrayContaining([...lab.refusesPasswords]));
    });

    test("has an engine that is reached over SSH, and over no network", async () => {
      const session = await connectSsh(host.ssh, { deadlineMs: connectMs });
      onTestFinished(() => session.close());

      const { Version: version } = await session.engine().version();

      expect(version).toBe(await output("docker version --format '{{.Server.Version}}'"));
      expect(await output("ss -Hltnp | grep dockerd | awk '{print $4}'")).toBe("127.0.0.1:9323");
    });

    test("takes a file as it is, with its mode", async () => {
      const content = randomBytes(300_000);

      await copy(host.ssh, content, "/root/copied");

      expect(await output("stat -c '%a %s' /root/copied")).toBe(`640 ${content.length}`);
      expect(await output("sha256sum < /root/copied")).toContain(createHash("sha256").update(content).digest("hex"));
    });

    test("is looked at for what it can do", async () => {
      const facts = await host.ready();

      expect(Object.keys(facts.capabilities).sort()).toEqual([...capabilities].sort());
      expect(facts.engineVersion).toBe(await output("docker version --format '{{.Server.Version}}'"));
      expect([1, 2]).toContain(facts.cgroupVersion);
      expect(facts.linkMtu).toBeGreaterThanOrEqual(576);
      expect(await host.ready()).toEqual(facts);
    });

    test("resolves the other's name, and its own to its address on the lab network", async () => {
      expect(await output(`getent hosts ${other.name}`)).toContain(other.address);
      expect(await output(`getent ahostsv4 ${host.name}`)).toContain(host.address);
    });

    test("forms a Swarm with another over the lab network", async () => {
      const pool = `--default-addr-pool ${lab.overlayPool} --default-addr-pool-mask-length 24`;
      await output(`docker swarm init --advertise-addr ${host.address} ${pool}`);
      const token = await output("docker swarm join-token --quiet worker");
      await output(`docker swarm join --token ${token} --advertise-addr ${other.address} ${host.address}:2377`, other);

      const nodes = await output("docker node ls --format '{{.Hostname}} {{.Status}} {{.ManagerStatus}}'");

      expect(nodes.split("\n").sort()).toEqual([`${host.hostname} Ready Leader`, `${other.hostname} Ready`].sort());
    });

    test("has overlay networks that cross hosts", async () => {
      await output("docker network create --driver overlay --attachable across");
      await output("docker run --detach --name far --network across busybox sleep 1d", other);
      await output("docker run --detach --name near --network across busybox sleep 1d");

      const reached = await waitFor<string>({
        what: "a container to reach one on the other host by name",
        deadlineMs: 60_000,
        look: async () => {
          const { code, stdout, stderr } = await run("docker exec near ping -c 1 -W 5 far");
          return code === 0 ? { value: stdout } : { waiting: stderr || stdout };
        },
      });

      const address = await output(
        "docker inspect far --format '{{.NetworkSettings.Networks.across.IPAddress}}'",
        other,
      );
      expect(reached).toContain(`64 bytes from ${address}`);
    });

    test("comes back from a restart at the same address, with all that its engine keeps", async () => {
      await output("docker volume create kept && touch /run/before");

      await run("reboot").catch(() => undefined);
      await waitFor<undefined>({
        what: "the host to have restarted",
        deadlineMs: 300_000,
        look: () =>
          run("test -e /run/before").then(
            ({ code }) => (code === 1 ? { value: undefined } : { waiting: "it is as it was" }),
            (error: unknown) => ({ waiting: String(error) }),
          ),
      });
      await host.ready();

      expect(await output("docker volume ls -q")).toBe("kept");
      expect(await output("hostname -I")).toContain(host.address);
    });

    test("is removed without a trace", async () => {
      expect(await lab.traces()).not.toEqual([]);

      await lab.remove();

      expect(await lab.traces()).toEqual([]);
      for (const { ssh } of lab.hosts)
        await expect(connectSsh(ssh, { deadlineMs: connectMs })).rejects.toThrow(lab.refusal);
      await lab.remove();
    });
  });
}

/** Copies a file as scp does. */
async function copy(target: SshTarget, content: Buffer, path: string): Promise<void> {
  const client = new Client();
  try {
    await new Promise<void>((resolve, reject) => {
      const { host, port, user: username, privateKey } = target;
      client.once("ready", resolve).once("error", reject).connect({ host, port, username, privateKey });
    });
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, opened) => (error ? reject(error) : resolve(opened)));
    });
    await new Promise<void>((resolve, reject) => {
      sftp.writeFile(path, content, { mode: 0o640 }, (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    client.end();
  }
}
