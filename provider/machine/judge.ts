import { isOwn, ownerOf } from "../../stacks/labels.ts";
import type { Sight } from "./sight.ts";

/** A machine as it is to be a host. */
export interface Wanted {
  labels: Record<string, string>;
  address: string;
  installEngine: boolean;
}

/** Least memory that an engine and a Swarm's manager run in. */
const leastMemoryMib = 384;

/** Least disk for images, and for the engine where it is to be installed. */
const leastDiskMib = { found: 1024, install: 2048 };

/** Distributions whose packages of Docker are known here. */
const systems = ["debian", "ubuntu"];

/** Whether a machine is this stack's host already. */
export const isHostOf = ({ record }: Sight, labels: Record<string, string>): boolean =>
  record !== undefined && isOwn(record, labels);

/** What keeps a machine from being a host, each with what is allowed and what to do. */
export function judge(sight: Sight, wanted: Wanted): string[] {
  const { os, version, isRoot, lacks, record, daemon, engine, swarm, running, memoryMib, diskMib } = sight;
  const { labels, address, installEngine } = wanted;
  const owner = record && ownerOf(record);
  if (record !== undefined && !isHostOf(sight, labels)) {
    const stack = owner?.stack ?? "unknown";
    return [
      `it is a host of stack ${stack} of home ${owner?.home ?? "unknown"}; allowed: a machine that is no other stack's. ` +
        `Run ./drydock down --stack ${stack} there, or, when that home is gone, sudo sh /var/lib/drydock-machine/restore on the machine`,
    ];
  }
  const fresh = record === undefined;
  const disk = engine === undefined ? leastDiskMib.install : leastDiskMib.found;
  const problems: [boolean, string][] = [
    [!systems.includes(os), `its system is ${os} ${version}; allowed: ${systems.join(", ")}. Name another machine`],
    [!isRoot, "sudo does not make it root; allowed: root, or a user whose sudo asks for no password"],
    [lacks.length > 0, `it lacks ${lacks.join(", ")}; allowed: none missing. Install or remove what that says`],
    [
      sight.sshdForbids.length > 0,
      `its sshd has ${sight.sshdForbids.join(", ")}; allowed: what lets root log in with a key and reach the engine's socket. ` +
        "Change it in /etc/ssh/sshd_config.d, and reload sshd",
    ],
    [
      !sight.ownsAddress,
      `none of its links has the address ${address}; allowed: one of its own. Correct address in drydock:machines`,
    ],
    [
      fresh && engine === undefined && !installEngine,
      "it has no Docker engine; allowed: one that answers, or drydock:installEngine true. Install Docker there, or set it",
    ],
    [fresh && engine === "silent", "its Docker engine does not answer; allowed: one that does. Start it, or remove it"],
    [
      fresh && swarm !== "inactive" && swarm !== "",
      `it is in a Swarm (${swarm}); allowed: none. Run docker swarm leave there`,
    ],
    [
      fresh && running > 0,
      `${running} containers run on it, which new settings of the engine would restart; allowed: none. Stop them`,
    ],
    [!isObject(daemon), "its /etc/docker/daemon.json is no JSON object; allowed: one, or no file. Correct it"],
    [memoryMib < leastMemoryMib, `it has ${memoryMib} MiB of memory; allowed: ${leastMemoryMib} or more`],
    [fresh && diskMib < disk, `it has ${diskMib} MiB of disk free in /var/lib; allowed: ${disk} or more. Free some`],
  ];
  return problems.filter(([wrong]) => wrong).map(([, words]) => words);
}

/**
 * The engine's settings: those that were there, and ours over them. Its bridge keeps its address, to which an engine would
 * hold on when the settings are those that were there again. A Swarm wants no live restore.
 */
export function mergedDaemon({ daemon: found = "{}", bridge }: Pick<Sight, "daemon" | "bridge">, ours: string): string {
  const kept = bridge === undefined ? {} : { bip: bridge };
  const own = { ...(JSON.parse(found) as object), ...(JSON.parse(ours) as object), ...kept };
  const live = "live-restore" in own ? { "live-restore": false } : {};
  // With a bridge that its settings name, an engine refuses to start when they have an address for its own.
  const named = "bridge" in own ? { bip: undefined } : {};
  return JSON.stringify({ ...own, ...live, ...named }, undefined, 2);
}

function isObject(json: string | undefined): boolean {
  if (json === undefined) return true;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
