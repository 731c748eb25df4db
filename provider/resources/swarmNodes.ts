import type Docker from "dockerode";
import { isStatus } from "../../engine/status.ts";
import { waitFor } from "../../engine/wait.ts";
import { changed, nodesOf, type Node } from "./swarm.ts";

/**
 * The node reported in between, or is on its way to the role that it was given before, or the managers elect a leader:
 * another look, and it can be.
 */
const passing = ["update out of sequence", "can't find manager in raft memberlist", "does not have a leader"];

const isPassing = (error: unknown) => passing.some((text) => String(error).includes(text));

/** Label of a node that is on its way out: one that stays after all, as its removal was cut off, was not drained by a learner. */
export const leavingLabel = "drydock.leaving";

/** Changes what a node is to be. It may take another try, after another look. */
export async function changeNode(manager: Docker, node: Node, change: Partial<Node["Spec"]>): Promise<void> {
  try {
    const update = manager.getNode(node.ID).update({ version: node.Version.Index, ...node.Spec, ...change });
    await changed(`a change of Swarm node ${node.ID}`, update);
  } catch (error) {
    if (!isPassing(error)) throw error;
  }
}

/** Drains a node and waits until it is no manager, so that it can go without a gap or the loss of a quorum. */
export async function retire(manager: Docker, nodeId: string, deadlineSec: number): Promise<void> {
  await waitFor<undefined>({
    what: `Swarm node ${nodeId} to be drained and no manager`,
    deadlineMs: deadlineSec * 1_000,
    look: async () => {
      try {
        const node = (await nodesOf(manager)).find(({ ID }) => ID === nodeId);
        if (!node) return { value: undefined };
        if (!node.ManagerStatus && node.Spec.Availability === "drain") return { value: undefined };
        // One that is a manager by its role only, as others started the Swarm again without it, cannot be demoted.
        await changeNode(manager, node, {
          Availability: "drain",
          Labels: { ...node.Spec.Labels, [leavingLabel]: "true" },
          ...(node.ManagerStatus ? { Role: "worker" } : {}),
        });
        return { waiting: node.ManagerStatus ? "it is still a manager" : "it is being drained" };
      } catch (error) {
        if (!isPassing(error)) throw error;
        return { waiting: (error as Error).message };
      }
    },
  });
}

/** Takes a node off the managers' list. One that is gone already is fine. */
export async function removeNode(manager: Docker, nodeId: string): Promise<void> {
  try {
    await changed(`the removal of Swarm node ${nodeId}`, manager.getNode(nodeId).remove({ force: true }));
  } catch (error) {
    if (!isStatus(error, 404)) throw error;
  }
}
