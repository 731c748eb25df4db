import { Agent } from "node:http";
import type { Duplex } from "node:stream";
import { inspect } from "node:util";
import Docker from "dockerode";
import { Client, type ClientChannel } from "ssh2";
import { streamBy } from "./remoteMachine.ts";

/** How a host is reached over SSH. */
export interface SshTarget {
  host: string;
  port: number;
  user: string;
  /** The pinned host key, as in known_hosts: "ssh-ed25519 AAAA...". Any other is refused. */
  hostKey: string;
  /** OpenSSH private key, PEM. */
  privateKey: string;
  /** The machine whose loopback it is on, as "ssh://user@host:port"; this machine by default. */
  via?: string;
}

/** What a remote command answered. */
export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string | Buffer;
  /** Ends the session's command after this long; 30 seconds by default. */
  timeoutMs?: number;
  onStdout?: (chunk: Buffer) => void;
  onStderr?: (chunk: Buffer) => void;
}

/** An open SSH connection to a host. */
export interface SshSession {
  /** Runs a shell command. Rejects when the connection breaks or the time is up, never for an exit code. */
  run(command: string, options?: RunOptions): Promise<RunResult>;
  /** The host's Docker engine, over its forwarded socket. */
  engine(): Docker;
  /** A connection from the host to an address that it reaches. Rejects when nothing takes it there. */
  forward(host: string, port: number): Promise<Duplex>;
  close(): void;
  /** Whether the connection has ended. */
  readonly closed: boolean;
  /** Resolves when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
}

/** A host has another key than the pinned one. */
export class HostKeyError extends Error {
  override readonly name = "HostKeyError";

  constructor(where: string, seen: string, pinned: string) {
    super(`SSH to ${where}: Host denied: its key is ${seen}, and ${pinned} was expected`);
  }
}

/**
 * Opens an SSH connection, once: a refusal is an error, waiting for a host to come up is the caller's.
 * @throws HostKeyError when the host key differs; Error that names host and port, when it is refused or `deadlineMs` is over.
 */
export async function connectSsh(target: SshTarget, { deadlineMs }: { deadlineMs: number }): Promise<SshSession> {
  const client = new Client();
  const [type = "", pinned = ""] = target.hostKey.split(" ");
  await new Promise<void>((resolve, reject) => {
    const by = target.via === undefined ? "" : ` by ${target.via}`;
    const where = `${target.user}@${target.host}:${target.port}${by}`;
    let seen = pinned;
    const failure = (error: Error) =>
      seen === pinned
        ? new Error(`SSH to ${where}: ${error.message}`, { cause: error })
        : new HostKeyError(where, `ssh-ed25519 ${seen}`, `${type} ${pinned}`);
    client
      .once("ready", resolve)
      .once("close", () => reject(new Error(`SSH to ${where}: the connection was closed`)))
      .on("error", (error) => reject(failure(error)))
      .connect({
        host: target.host,
        port: target.port,
        sock: target.via === undefined ? undefined : streamBy(target.via, target.host, target.port),
        username: target.user,
        privateKey: target.privateKey,
        readyTimeout: deadlineMs,
        keepaliveInterval: 5_000,
        keepaliveCountMax: 6,
        algorithms: { serverHostKey: ["ssh-ed25519"] },
        hostVerifier: (key: Buffer) => (seen = key.toString("base64")) === pinned,
      });
  });
  return session(client);
}

function session(client: Client): SshSession {
  // dockerode hands the agent on to its HTTP client, though its types do not know it.
  const options = { protocol: "http" as const, host: "docker", port: 80, agent: socketAgent(client) };
  const engine = new Docker(options);
  let closed = false;
  const ended = new Promise<void>((resolve) => client.once("close", resolve)).then(() => void (closed = true));
  return {
    get closed() {
      return closed;
    },
    ended,
    run: (command, options) => runCommand(client, command, options ?? {}),
    engine: () => engine,
    forward: (host, port) =>
      new Promise((resolve, reject) => {
        client.forwardOut("127.0.0.1", 0, host, port, (error, channel) => (error ? reject(error) : resolve(channel)));
      }),
    close: () => client.end(),
  };
}

function runCommand(client: Client, command: string, options: RunOptions): Promise<RunResult> {
  const { timeoutMs = 30_000 } = options;
  return new Promise((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let code = 255;
    let channel: ClientChannel | undefined;
    const end = (settle: () => void) => {
      clearTimeout(timer);
      client.removeListener("close", broken);
      settle();
    };
    // Throws when the connection has ended, so it comes before all that would have to be undone.
    client.exec(command, (error, opened) => {
      if (error) return end(() => reject(error));
      channel = opened;
      channel
        .on("data", (chunk: Buffer) => {
          stdout.push(chunk);
          options.onStdout?.(chunk);
        })
        .on("exit", (status: number | null) => (code = status ?? 255))
        .on("close", () => end(() => resolve({ code, stdout: text(stdout), stderr: text(stderr) })));
      channel.stderr.on("data", (chunk: Buffer) => {
        stderr.push(chunk);
        options.onStderr?.(chunk);
      });
      channel.end(options.stdin);
    });
    const broken = () => end(() => reject(new Error(`the SSH connection broke during: ${command}`)));
    // Runs from the request on: a host that is frozen does not even take the command.
    const timer = setTimeout(() => {
      channel?.close();
      end(() => reject(new Error(`no answer within ${timeoutMs / 1000} s: ${command}`)));
    }, timeoutMs);
    client.once("close", broken);
  });
}

const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString();

/** An HTTP agent whose connections are SSH channels to the host's Docker socket. */
function socketAgent(client: Client): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  agent.createConnection = (_options, done) => {
    client.openssh_forwardOutStreamLocal("/var/run/docker.sock", (error, channel) => {
      if (error) return done?.(error, undefined as unknown as Duplex);
      done?.(null, withSocketMethods(channel));
    });
    return undefined;
  };
  // docker-modem writes each request's options out in full, agent and connection included, for a log that is off.
  return Object.assign(agent, { [inspect.custom]: () => "agent of an SSH session" });
}

/** Node's HTTP client calls these on every connection; an SSH channel has no socket options to set. */
function withSocketMethods(channel: Duplex): Duplex {
  const none = () => channel;
  return Object.assign(channel, { setKeepAlive: none, setNoDelay: none, setTimeout: none, ref: none, unref: none });
}
