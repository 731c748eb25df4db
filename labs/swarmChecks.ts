import { fail, type Check, type CheckContext, type CheckHost, type CommandResult, type Verdict } from "./check.ts";
import type { ServiceState, SwarmInfo, SwarmNodeState, TaskState } from "./engineState.ts";

/** The first host that answers as a manager; one that cannot be reached is passed over. */
export async function findManager({ hosts }: CheckContext): Promise<CheckHost | undefined> {
  for (const host of hosts) {
    const info = await host.engine<SwarmInfo>("/info").catch(() => undefined);
    if (info?.Swarm.ControlAvailable) return host;
  }
  return undefined;
}

/** A check's `run` that asks a manager; where there is none it fails. */
export function onManager(look: (manager: CheckHost, context: CheckContext) => Promise<Verdict>): Check["run"] {
  return async (context) => {
    const manager = await findManager(context);
    return manager
      ? look(manager, context)
      : fail("no host is a Swarm manager", "A Swarm begins with `docker swarm init` on its first manager.");
  };
}

/** A check's `run` that looks at a service; where there is none of that name it fails. */
export function onService(
  name: string,
  look: (service: ServiceState, manager: CheckHost, context: CheckContext) => Verdict | Promise<Verdict>,
): Check["run"] {
  return onManager(async (manager, context) => {
    const services = await manager.engine<ServiceState[]>("/services");
    const service = services.find(({ Spec }) => Spec.Name === name);
    if (service) return look(service, manager, context);
    const names = services.map(({ Spec }) => Spec.Name).sort();
    return fail(
      `there is no service ${name}${names.length > 0 ? `, only ${names.join(", ")}` : ""}`,
      `Make it with \`docker service create --name ${name} ...\`.`,
    );
  });
}

/** A service's tasks, the old ones too that Swarm still remembers: five a slot unless told otherwise. */
export function tasksOf(manager: CheckHost, service: ServiceState): Promise<TaskState[]> {
  return manager.engine<TaskState[]>(`/tasks?filters=${JSON.stringify({ service: [service.Spec.Name] })}`);
}

/** The tasks that run and are meant to. */
export function runningOf(tasks: readonly TaskState[]): TaskState[] {
  return tasks.filter((task) => task.DesiredState === "running" && task.Status.State === "running");
}

/** Hostnames of a Swarm's nodes by their IDs. */
export async function hostnames(manager: CheckHost): Promise<Map<string, string>> {
  const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
  return new Map(nodes.map((node) => [node.ID, node.Description.Hostname]));
}

/** Runs a shell command in a task's container, on the host where that is. */
export async function inTask(
  task: TaskState,
  command: string,
  manager: CheckHost,
  context: CheckContext,
): Promise<CommandResult> {
  const hostname = (await hostnames(manager)).get(task.NodeID);
  const container = task.Status.ContainerStatus?.ContainerID;
  if (!hostname || !container) throw new Error(`task ${task.ID} has no container`);
  return context.host(hostname).run(`docker exec ${container} sh -c '${command}'`);
}
