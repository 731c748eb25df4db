import type { HostPlan } from "../../stacks/plan.ts";
import { table } from "../table.ts";

/** "zone=a, disk=ssd". */
const labelText = (labels: Record<string, string>): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");

/** Where a host's sshd is: a machine of EC2 gets its address when it starts. */
export const sshPlace = ({ sshHost = "public address", sshPort }: Pick<HostPlan, "sshHost" | "sshPort">): string =>
  `${sshHost}:${sshPort}`;

/** Hosts with their roles and addresses. */
export function hostTable(hosts: readonly HostPlan[]): string {
  return table(
    ["HOST", "ROLE", "ADDRESS", "SSH", "MEMORY", "LABELS"],
    hosts.map((host) => [
      host.name,
      host.role,
      host.address,
      sshPlace(host),
      `${host.memoryMib} MiB`,
      labelText(host.labels),
    ]),
  );
}
