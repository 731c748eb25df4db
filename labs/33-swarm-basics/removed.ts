import type { CheckContext, CheckHost } from "../check.ts";
import type { ContainerState, TaskState } from "../engineState.ts";
import { hostnames } from "../swarmChecks.ts";

/** The first of the tasks whose container is no longer on its host, running or not. */
export async function findRemoved(
  tasks: readonly TaskState[],
  manager: CheckHost,
  context: CheckContext,
): Promise<TaskState | undefined> {
  const names = await hostnames(manager);
  for (const task of tasks) {
    const host = names.get(task.NodeID);
    if (!host) continue;
    const containers = await context.host(host).engine<ContainerState[]>("/containers/json?all=1");
    if (!containers.some(({ Id }) => Id === task.Status.ContainerStatus?.ContainerID)) return task;
  }
  return undefined;
}
