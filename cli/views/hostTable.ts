import type { HostPlan } from "../../stacks/plan.ts";
import { table } from "../table.ts";

/** "zone=a, disk=ssd". */
const labelText = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");

/** Where a host's sshd is: a machine of EC2 gets its address when it starts. */
export const sshPlace = (port: number): string => (port === 22 ? "public address:22" : `127.0.0.1:${port}`);

/** Hosts with their roles and addresses. */
export function hostTable(hosts: readonly HostPlan[]): string {
  return table(
    ["HOST", "ROLE", "ADDRESS", "SSH", "MEMORY", "LABELS"],
    hosts.map(({ name, role, address, sshPort, memoryMib, labels }) => [
      name,
      role,
      address,
      sshPlace(sshPort),
      `${memoryMib} MiB`,
      labelText(labels),
    ]),
  );
}
