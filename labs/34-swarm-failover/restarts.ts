import type { CheckContext, CheckHost } from "../check.ts";
import type { SwarmNodeState } from "../engineState.ts";

/** Names of the managers whose engine has started anew since they joined the Swarm. */
export async function restartedManagers(manager: CheckHost, context: CheckContext): Promise<string[]> {
  const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
  const restarted: string[] = [];
  for (const { CreatedAt, Description, ManagerStatus } of nodes) {
    if (!ManagerStatus) continue;
    const { stdout } = await context.host(Description.Hostname).run("stat -c %Y /run/docker.pid");
    if (Number(stdout) * 1000 > Date.parse(CreatedAt)) restarted.push(Description.Hostname);
  }
  return restarted;
}
