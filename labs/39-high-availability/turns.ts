import type { CheckHost } from "../check.ts";

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

/** When a load balancer, a container of HAProxy, was told to drain a server, in ms since 1970, the earliest first. */
export async function drains(host: CheckHost, container: string, server: string): Promise<number[]> {
  const words = `Server servers/${server} enters drain state`;
  const { stdout } = await host.run(`docker logs --timestamps ${container} 2>/dev/null | grep -F '${words}'`);
  return [...stdout.matchAll(/^(\S+) /gm)].map(([, at = ""]) => Date.parse(at));
}
