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
  /** Its hostname. */
  name: string;
  /** Its address on the lab network. */
  address: string;
  ssh: SshTarget;
  /** Waits until its engine answers, as its resource does, and finds what it can do. */
  ready(): Promise<HostReadyOutputs>;
  remove(): Promise<void>;
  /** What there is of it, in words; nothing once it is removed. */
  traces(): Promise<string[]>;
}

/** What every kind of host must do, whatever it is made of. Each call of `make` makes another host. */
export function hostContract(kind: string, make: () => Promise<ContractHost>): void {
  describe(`a host of kind ${kind}`, () => {
    let host: ContractHost;

    beforeAll(async () => {
      host = await make();
    });

    afterAll(() => host.remove());

    const run = async (command: string, stdin?: string): Promise<RunResult> => {
      const session = await connectSsh(host.ssh, { deadlineMs: 10_000 });
      try {
        return await session.run(command, { stdin });
      } finally {
        session.close();
      }
    };
    const output = async (command: string): Promise<string> => {
      const { code, stdout, stderr } = await run(command);
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
      expect(await output("hostname")).toBe(host.name);
      expect(await output("hostname -I")).toContain(host.address);
    });

    test("is refused when it shows another key than the pinned one", async () => {
      const impostor = { ...host.ssh, hostKey: keyPair().publicKey };

      await expect(connectSsh(impostor, { deadlineMs: 10_000 })).rejects.toThrow("Host denied");
    });

    test("refuses another key than the learner's, and any password", async () => {
      const stranger = { ...host.ssh, privateKey: keyPair().privateKey };

      await expect(connectSsh(stranger, { deadlineMs: 10_000 })).rejects.toThrow("authentication methods failed");
      expect(await output("sshd -T | grep -E '^(passwordauthentication|kbdinteractiveauthentication) '")).toBe(
        "passwordauthentication no\nkbdinteractiveauthentication no",
      );
    });

    test("has an engine that is reached over SSH, and over no network", async () => {
      const session = await connectSsh(host.ssh, { deadlineMs: 10_000 });
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
      const other = await make();
      expect(await other.traces()).not.toEqual([]);

      await other.remove();

      expect(await other.traces()).toEqual([]);
      await expect(connectSsh(other.ssh, { deadlineMs: 10_000 })).rejects.toThrow("SSH to");
      await other.remove();
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
