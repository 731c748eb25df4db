import { createConnection, type AddressInfo } from "node:net";
import ssh2, { type Connection, type ServerChannel } from "ssh2";
import { onTestFinished } from "vitest";
import type { SshTarget } from "../../engine/ssh.ts";

export interface SshServerOptions {
  /** Answers a command; without it commands are taken and never answered. */
  exec?: (command: string, channel: ServerChannel) => void;
  /** Whether a request to run a command or to reach the engine gets no answer at all, as from a host that is frozen. */
  frozen?: boolean;
  /** Socket of an engine to forward to. */
  engineSocket?: string;
  /** Whose key it lets in; one of its own by default. */
  learner?: { privateKey: string; publicKey: string };
}

export interface SshServer {
  target: SshTarget;
  /** Ends every connection without a word. */
  breakConnections(): void;
  /** How many requests to log in there were: several a connection. */
  attempts(): number;
  /** How many connections were let in. */
  logins(): number;
  /** How many connections there are now. */
  open(): number;
}

/** A key pair in the forms that SshTarget takes. */
export function keyPair(): { privateKey: string; publicKey: string } {
  const pair = ssh2.utils.generateKeyPairSync("ed25519");
  if (ssh2.utils.parseKey(pair.private) instanceof Error) return keyPair();
  return { privateKey: pair.private, publicKey: pair.public.split(" ").slice(0, 2).join(" ") };
}

/** An SSH server on loopback that goes when the running test ends. */
export async function sshServer({
  exec,
  frozen = false,
  engineSocket,
  learner = keyPair(),
}: SshServerOptions = {}): Promise<SshServer> {
  const identity = keyPair();
  const connections = new Set<Connection>();
  let attempts = 0;
  let logins = 0;
  const server = new ssh2.Server({ hostKeys: [identity.privateKey] }, (connection) => {
    connections.add(connection);
    connection
      .on("error", () => connection.end())
      .on("close", () => connections.delete(connection))
      .on("authentication", (context) => {
        attempts += 1;
        const known = Buffer.from(learner.publicKey.split(" ")[1] ?? "", "base64");
        if (context.method === "publickey" && context.key.data.equals(known)) context.accept();
        else context.reject(["publickey"]);
      })
      .on("ready", () => (logins += 1))
      .on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
          if (!frozen) exec?.(command, acceptExec());
        });
      })
      .on("tcpip", (accept, reject, { destIP, destPort }) => {
        const socket = createConnection(destPort, destIP)
          .on("error", () => reject())
          .on("connect", () => {
            const channel = accept();
            channel.pipe(socket).pipe(channel);
          });
      })
      .on("openssh.streamlocal", (accept, reject) => {
        if (frozen) return;
        if (engineSocket === undefined) return reject();
        const channel = accept();
        const socket = createConnection(engineSocket).on("error", () => channel.destroy());
        channel.on("error", () => socket.destroy()).pipe(socket);
        socket.pipe(channel);
      });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const breakConnections = () => connections.forEach((connection) => destroy(connection));
  onTestFinished(async () => {
    breakConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return {
    target: {
      host: "127.0.0.1",
      port: (server.address() as AddressInfo).port,
      user: "root",
      hostKey: identity.publicKey,
      privateKey: learner.privateKey,
    },
    breakConnections,
    attempts: () => attempts,
    logins: () => logins,
    open: () => connections.size,
  };
}

/** Ends the TCP connection under an SSH connection: ssh2 has no public way but a polite one. */
function destroy(connection: Connection): void {
  (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
}
