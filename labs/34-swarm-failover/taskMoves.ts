import type { TaskState } from "../engineState.ts";
import { restartsOf, type EngineLife } from "./engineLife.ts";

/** A task that another one of the same slot replaced, on another node and not for an update. */
export interface TaskMove {
  from: TaskState;
  to: TaskState;
}

/** The moves in a service's task history, oldest first in each slot. */
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

/** Time before a move in which a node that was called Down would have lost its manager, in milliseconds. */
const noticeMs = 60_000;

/** Whether the old task ended in good order, asked to by Swarm, on a node that was there all the time: so it was drained. */
export function isDrain({ from, to }: TaskMove, life: EngineLife): boolean {
  const [replaced, ended] = [Date.parse(to.CreatedAt), Date.parse(from.Status.Timestamp)];
  const restarted = restartsOf(life).some(({ at }) => at > replaced && at <= ended);
  const cutOff = life.signs.some(({ kind, at }) => kind === "cut off" && at > replaced - noticeMs && at <= ended);
  return from.Status.State === "shutdown" && !restarted && !cutOff;
}

/** The restart of the node's engine before which the old task was replaced, and after which its end was heard of. */
export function lossOf({ from, to }: TaskMove, life: EngineLife) {
  const [replaced, ended] = [Date.parse(to.CreatedAt), Date.parse(from.Status.Timestamp)];
  return restartsOf(life).find(({ lastSeen, at }) => lastSeen < replaced && replaced < at && at <= ended);
}
