import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "./labHost.ts";
import { sshWhenReady } from "./sshWhenReady.ts";

/** Where a HostService runs, as its inputs have it: its host, how that is reached, and the labels of what is on it. */
export const placeOf = (plan: Plan, host: LabHost) => ({
  host: host.name,
  ssh: sshWhenReady(host),
  incarnation: host.incarnation,
  labels: { ...plan.labels, "drydock.host": host.name },
});
