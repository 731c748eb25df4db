import { z } from "zod";
import type { CheckHost } from "../check.ts";

/** A request of the load generator. */
export interface Request {
  /** When it began and ended, in ms since 1970. */
  began: number;
  ended: number;
  ok: boolean;
  /** Address of the load balancer that took it; undefined where none did. */
  entrance: string | undefined;
  /** Name of the replica that answered. */
  replica: string | undefined;
}

const line = z.tuple([z.coerce.number(), z.coerce.number(), z.string(), z.string(), z.string()]);
const known = (word: string) => (word === "-" ? undefined : word);

/** The requests of a run of load.sh by when they began, or undefined when there was no such run or it has not ended. */
export async function requests(host: CheckHost, run: string): Promise<Request[] | undefined> {
  const { code, stdout } = await host.run(`cat /root/load/${run}.log`);
  if (code !== 0) return undefined;
  return stdout
    .trim()
    .split("\n")
    .filter((text) => text !== "")
    .map((text) => {
      const [began, took, status, entrance, replica] = line.parse(text.split(" "));
      return { began, ended: began + took, ok: status === "200", entrance: known(entrance), replica: known(replica) };
    });
}

/** A word of a load balancer that a server stopped or began to work. */
export interface Turn {
  /** In ms since 1970. */
  at: number;
  server: string;
  state: "UP" | "DOWN";
  /** Such as "Layer4 connection problem". */
  reason: string;
}

/** What a load balancer, a container of HAProxy, has logged of its servers, the oldest first. */
export async function turns(host: CheckHost, container: string): Promise<Turn[]> {
  const { stdout } = await host.run(`docker logs --timestamps ${container} 2>/dev/null | grep 'Server servers/'`);
  return [...stdout.matchAll(/^(\S+) .*Server servers\/(\S+) is (UP|DOWN), reason: ([^,.]+)/gm)].map(
    ([, at = "", server = "", state, reason = ""]) => ({
      at: Date.parse(at),
      server,
      state: state === "UP" ? "UP" : "DOWN",
      reason,
    }),
  );
}
