import type { SshSession } from "../../engine/ssh.ts";
import { scriptText } from "./session.ts";

/**
 * What machines of a Swarm ask of one another.
 * @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts
 */
const ports = ["tcp/2377", "tcp/7946", "udp/7946", "udp/4789"];

/** A machine that is tried. */
export interface Tried {
  /** In words. */
  name: string;
  address: string;
  session: SshSession;
  /** Whether it is a host already, whose own engine has the ports. */
  isHost: boolean;
}

/** Longest that all the trials from one machine may take, in milliseconds. */
const knockMs = 120_000;

/**
 * Tries the Swarm's ports from each machine to each other, with listeners of our own.
 * @returns what is in use or does not pass, in words.
 */
export async function tryPorts(machines: readonly Tried[]): Promise<string[]> {
  const open = machines.filter(({ isHost }) => !isHost);
  const listeners = await Promise.all(open.map(listen));
  try {
    const closed = await Promise.all(
      machines.map((from) =>
        knock(
          from,
          open.filter((to) => to !== from),
        ),
      ),
    );
    return [...listeners.flatMap(({ busy }) => busy), ...closed.flat()];
  } finally {
    await Promise.all(listeners.map(({ close }) => close()));
  }
}

interface Listener {
  busy: string[];
  close: () => Promise<void>;
}

async function listen({ name, address, session }: Tried): Promise<Listener> {
  const stdin = `our ($address, $ports) = ('${address}', '${ports.join(" ")}');\n${await scriptText("listen.pl")}`;
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const onStdout = (chunk: Buffer) => {
    text += chunk.toString();
    if (/^ready \d+$/m.test(text)) resolve(text);
  };
  const ended = session.run("perl -", { stdin, timeoutMs: 2 * knockMs, onStdout });
  ended.then(({ stderr }) => reject(new Error(`${name}: the listener ended: ${stderr.trim()}`)), reject);
  const lines = (await ready).split("\n");
  const pid = lines.find((line) => line.startsWith("ready "))?.slice(6) ?? "";
  return {
    busy: lines
      .filter((line) => line.startsWith("busy "))
      .map((line) => `${name}: something listens on ${address} ${line.slice(5)} already; allowed: nothing. Stop it`),
    close: async () => {
      await session.run(`kill ${pid}`);
      await ended;
    },
  };
}

async function knock(from: Tried, others: readonly Tried[]): Promise<string[]> {
  if (others.length === 0) return [];
  const doors = others.flatMap(({ address }) => ports.map((port) => `${address}/${port}`));
  const stdin = `our $doors = '${doors.join(" ")}';\n${await scriptText("knock.pl")}`;
  const { code, stdout, stderr } = await from.session.run("perl -", { stdin, timeoutMs: knockMs });
  if (code !== 0) throw new Error(`${from.name}: the ports could not be tried: ${stderr.trim()}`);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((door) => {
      const [address, ...port] = door.split("/");
      const to = others.find((other) => other.address === address)?.name ?? "";
      return `from ${from.name} to ${to}: ${port.join("/")} at ${address} does not answer; allowed: it passes. Open it in the firewalls between them`;
    });
}
