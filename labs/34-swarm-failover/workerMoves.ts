import type { CheckContext, CheckHost } from "../check.ts";
import type { ServiceState } from "../engineState.ts";
import { hostnames, tasksOf } from "../swarmChecks.ts";
import { readLives, type EngineLife } from "./engineLife.ts";
import { taskMoves, type TaskMove } from "./taskMoves.ts";

/** A task's move off a worker. */
export interface WorkerMove extends TaskMove {
  /** The life of that worker's engine. */
  life: EngineLife;
  /** The host that took over. */
  heir: string;
}

/** A service's moves off the hosts that were declared as workers. */
export async function workerMoves(
  service: ServiceState,
  manager: CheckHost,
  context: CheckContext,
): Promise<WorkerMove[]> {
  const [names, tasks] = [await hostnames(manager), await tasksOf(manager, service)];
  const workers = context.outputs.swarm?.workers ?? [];
  const lives = await readLives(workers.map((name) => context.host(name)));
  return taskMoves(tasks).flatMap((move) => {
    const life = lives.find(({ host }) => host === names.get(move.from.NodeID));
    return life ? { ...move, life, heir: names.get(move.to.NodeID) ?? move.to.NodeID } : [];
  });
}

/** Such as "web.1 from worker-1 to manager-3 (failed)". */
export function describeMoves(moves: readonly WorkerMove[]): string {
  return (
    moves
      .map(({ from, life, heir }) => `web.${from.Slot} from ${life.host} to ${heir} (${from.Status.State})`)
      .join(", ") || "none"
  );
}
