import type { TaskState } from "../engineState.ts";

/** A task that another one of the same slot replaced, on another node and not for an update. */
export interface TaskMove {
  from: TaskState;
  to: TaskState;
}

/** The moves in a service's task history, oldest first. */
export function taskMoves(tasks: readonly TaskState[]): TaskMove[] {
  const slots = Map.groupBy(
    tasks.toSorted((a, b) => Date.parse(a.CreatedAt) - Date.parse(b.CreatedAt)),
    (task) => task.Slot,
  );
  const moves: TaskMove[] = [];
  for (const slot of slots.values()) {
    for (const [index, from] of slot.entries()) {
      const to = slot[index + 1];
      if (to && from.NodeID !== to.NodeID && JSON.stringify(from.Spec) === JSON.stringify(to.Spec))
        moves.push({ from, to });
    }
  }
  return moves;
}

/** Whether the old task ended in good order: Swarm asked it to, as when its node is drained. */
export function isDrain({ from }: TaskMove): boolean {
  return from.Status.State === "shutdown";
}

/** Whether the old task's end was heard of only after it had been replaced: its node was lost and has come back. */
export function isLoss({ from, to }: TaskMove): boolean {
  return from.Status.State === "failed" && Date.parse(from.Status.Timestamp) > Date.parse(to.CreatedAt);
}
