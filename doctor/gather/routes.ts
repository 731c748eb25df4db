import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { runOn } from "../../engine/remoteMachine.ts";
import { cidr, enclosing, formatCidr } from "../../stacks/cidr.ts";
import type { World } from "../../stacks/world.ts";

type Route = World["routes"][number];

/**
 * Where a machine's packets go: its routing table on Linux, elsewhere the networks of its interfaces.
 * @param machine as "ssh://user@host:port"; this machine by default.
 */
export async function routes(machine?: string): Promise<Route[]> {
  if (machine !== undefined) return parseRoutes((await runOn(machine, "cat /proc/net/route")).stdout);
  if (process.platform === "linux") return parseRoutes(await readFile("/proc/net/route", "utf8"));
  return Object.entries(networkInterfaces()).flatMap(([device, addresses = []]) =>
    addresses
      .filter(({ family, internal }) => family === "IPv4" && !internal)
      .map(({ cidr: own, address }) => ({ destination: networkOf(own ?? address), device })),
  );
}

function networkOf(text: string): string {
  const own = cidr(text);
  return formatCidr(enclosing(own, own.bits));
}

/** Lines of /proc/net/route: interface, destination and, eighth, mask, as little-endian hexadecimals. */
export function parseRoutes(table: string): Route[] {
  return table
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const [device = "", destination = "", , , , , , mask = ""] = line.split(/\s+/);
      const bits = parseInt(mask, 16).toString(2).replaceAll("0", "").length;
      const octets = destination.match(/../g)?.toReversed() ?? [];
      const address = octets.map((octet) => parseInt(octet, 16)).join(".");
      return { destination: bits === 0 ? "default" : `${address}/${bits}`, device };
    });
}
