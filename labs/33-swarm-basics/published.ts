import type { CheckContext, CheckHost } from "../check.ts";
import type { ServiceState } from "../engineState.ts";
import { hostnames, runningOf, tasksOf } from "../swarmChecks.ts";

/** What a host answered on port 8080; no page where it did not answer. */
export interface Answer {
  host: string;
  page?: string;
}

/** Asks every host that publishes a service's port: all of them through the mesh, else those that run a task. */
export async function askAll(service: ServiceState, manager: CheckHost, { hosts }: CheckContext): Promise<Answer[]> {
  const names = await hostnames(manager);
  const running = runningOf(await tasksOf(manager, service)).map((task) => names.get(task.NodeID));
  const throughMesh = service.Spec.EndpointSpec?.Ports?.some(({ PublishMode }) => PublishMode === "ingress");
  const publishing = running.length > 0 && throughMesh ? hosts : hosts.filter(({ name }) => running.includes(name));
  return Promise.all(
    publishing.map(async ({ name, address }) => {
      const { code, stdout } = await manager.run(`curl -fsS --max-time 5 http://${address}:8080/`);
      return { host: name, page: code === 0 ? stdout : undefined };
    }),
  );
}
