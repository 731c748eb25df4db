import type { CheckHost } from "../check.ts";
import type { ServiceState } from "../engineState.ts";
import { hostnames, runningOf, tasksOf } from "../swarmChecks.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";

/** How many replicas run in each zone. */
export type Zones = Record<string, number>;

/** A service's running replicas, by the zones that the lab's hosts were declared in. */
export async function replicasByZone(
  manager: CheckHost,
  service: ServiceState,
  { hosts }: StackOutputs,
): Promise<Zones> {
  const names = await hostnames(manager);
  const running = runningOf(await tasksOf(manager, service)).map((task) => names.get(task.NodeID));
  const zones: Zones = {};
  for (const { name, labels } of hosts) {
    const zone = labels.zone ?? "none";
    zones[zone] = (zones[zone] ?? 0) + running.filter((host) => host === name).length;
  }
  return zones;
}

/** Such as "zone a: 2, zone b: 2". */
export function describeZones(zones: Zones): string {
  return Object.entries(zones)
    .map(([zone, count]) => `zone ${zone}: ${count}`)
    .join(", ");
}
