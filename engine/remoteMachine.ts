import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { ProcessStream } from "./processStream.ts";
import type { RunResult } from "./ssh.ts";

/** URL of an engine on another machine: "ssh://user@host:port", user and port by ~/.ssh/config where they are left out. */
export const remoteEngine =
  /^ssh:\/\/(?:([A-Za-z0-9_][\w.-]*)@)?([A-Za-z0-9][\w.-]*|\[[\da-fA-F:.]+\])(?::(\d{1,5}))?$/;

/** Whether an engine is on another machine, reached over SSH. */
export const isRemote = (url: string): boolean => url.startsWith("ssh://");

/** Longest that a machine may take to accept a connection, in seconds. */
const connectSec = 8;

/** How long a connection stays after its last use, in seconds, so that what follows need not log in again. */
const lingerSec = 10;

/** Longest path of a socket (sun_path, with what ssh puts behind it while it makes one). */
const longestSocket = 104 - 17;

/**
 * Options of OpenSSH for every connection to a machine: the user's own configuration, keys and known hosts, and nobody
 * asked anything. One connection carries what all processes of this home send, where sockets for that can be made.
 */
export function sshOptions(url: string): string[] {
  const folder = join(homeFolder(), "ssh");
  const socket = join(folder, createHash("sha256").update(url).digest("hex").slice(0, 8));
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "ClearAllForwardings=yes",
    `ConnectTimeout=${connectSec}`,
    "ServerAliveInterval=5",
    "ServerAliveCountMax=3",
  ];
  if (process.platform !== "win32" && socket.length <= longestSocket && !/["\s]/.test(socket)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const escaped = socket.replaceAll("%", "%%");
    options.push("ControlMaster=auto", `ControlPath=${escaped}`, `ControlPersist=${lingerSec}`);
  }
  return options.flatMap((option) => ["-o", option]);
}

/** The machine of a URL as OpenSSH's arguments name it. @throws MachineError when it is no such URL. */
export function sshDestination(url: string): string[] {
  const [, user, host, port] = remoteEngine.exec(url) ?? [];
  if (host === undefined) {
    throw new MachineError(`"${url}" names no engine on another machine`, {
      fix: "name it as ssh://user@host:port, user and port where they are needed",
    });
  }
  const bare = host.replaceAll(/[[\]]/g, "");
  return [...(user === undefined ? [] : ["-l", user]), ...(port === undefined ? [] : ["-p", port]), "--", bare];
}

/** A connection to the machine's Docker engine, as the Docker client makes it. */
export const engineStream = (url: string): ProcessStream =>
  new ProcessStream("ssh", [...sshOptions(url), "-T", ...sshDestination(url), "docker", "system", "dial-stdio"]);

/** A connection to an address that the machine reaches, such as a port of its loopback. */
export const streamBy = (url: string, host: string, port: number): ProcessStream =>
  new ProcessStream("ssh", [...sshOptions(url), "-W", `${host}:${port}`, ...sshDestination(url)]);

/** Runs a shell command on the machine. @throws Error with ssh's words when the machine cannot be reached. */
export async function runOn(url: string, command: string, { stdin = "", timeoutMs = 20_000 } = {}): Promise<RunResult> {
  const args = [...sshOptions(url), "-T", ...sshDestination(url), command];
  const ended = await execa("ssh", args, { input: stdin, timeout: timeoutMs, reject: false });
  const { exitCode, stdout, stderr, timedOut } = ended;
  if (timedOut) throw new Error(`${url}: no answer within ${timeoutMs / 1_000} s: ${command}`);
  if (exitCode === undefined || exitCode === sshFailed) throw new Error(stderr.trim() || ended.shortMessage);
  return { code: exitCode, stdout, stderr };
}

/** What ssh itself exits with when it cannot connect. */
const sshFailed = 255;

/** What to do about a machine that does not answer, by the words of ssh or of what ran there. */
export function remoteFix(url: string, words: string): string {
  const [, user, host = "", port] = remoteEngine.exec(url) ?? [];
  const by = `ssh ${port === undefined ? "" : `-p ${port} `}${user === undefined ? "" : `${user}@`}${host}`;
  if (/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|host key is known/.test(words)) {
    return (
      `add the machine's host key to ~/.ssh/known_hosts: run \`${by}\` once and compare the fingerprint that it shows ` +
      "with what `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` prints on the machine itself"
    );
  }
  if (words.includes("Permission denied (")) {
    return `let \`${by} true\` work without a question: load your key with ssh-add, or name it by IdentityFile in ~/.ssh/config`;
  }
  if (words.includes("ENOENT")) return "install OpenSSH's client (on Debian, package openssh-client)";
  if (words.includes("not found")) return `install Docker there: \`${by} docker version\` has to work`;
  if (words.includes("permission denied"))
    return `let that user use Docker there: \`${by} sudo usermod -aG docker USER\``;
  return `see that \`${by} docker version\` works: Drydock goes the same way`;
}
