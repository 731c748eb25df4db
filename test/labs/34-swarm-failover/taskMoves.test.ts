import { expect, it } from "vitest";
import { isDrain, isLoss, taskMoves } from "../../../labs/34-swarm-failover/taskMoves.ts";
import type { TaskState } from "../../../labs/engineState.ts";

const at = (second: number) => new Date(second * 1000).toISOString();

function task(created: number, NodeID: string, state: string, reported: number, image = "nginx", Slot = 1): TaskState {
  return {
    ID: `${NodeID}-${created}`,
    CreatedAt: at(created),
    Slot,
    NodeID,
    DesiredState: state === "running" ? "running" : "shutdown",
    Spec: { ContainerSpec: { Image: image } },
    Status: { State: state, Timestamp: at(reported) },
  };
}

const kinds = (tasks: TaskState[]) =>
  taskMoves(tasks).map((move) => ({ to: move.to.NodeID, drain: isDrain(move), loss: isLoss(move) }));

it("a drained node's task ends in good order", () => {
  expect(kinds([task(0, "a", "shutdown", 12), task(10, "b", "running", 11)])).toEqual([
    { to: "b", drain: true, loss: false },
  ]);
});

it("a lost node's task is reported as failed only after it was replaced", () => {
  expect(kinds([task(0, "a", "failed", 60), task(30, "b", "running", 31)])).toEqual([
    { to: "b", drain: false, loss: true },
  ]);
});

it("a task that failed by itself was reported first", () => {
  expect(kinds([task(0, "a", "failed", 29), task(30, "b", "running", 31)])).toEqual([
    { to: "b", drain: false, loss: false },
  ]);
});

it("a node that has not come back has lost nothing yet", () => {
  expect(kinds([task(0, "a", "running", 5), task(30, "b", "running", 31)])).toEqual([
    { to: "b", drain: false, loss: false },
  ]);
});

it("an update, a new start on the same node and another slot are no moves", () => {
  expect(kinds([task(0, "a", "shutdown", 12), task(10, "b", "running", 11, "nginx:2")])).toEqual([]);
  expect(kinds([task(0, "a", "failed", 9), task(10, "a", "running", 11)])).toEqual([]);
  expect(kinds([task(0, "a", "shutdown", 12), task(10, "b", "running", 11, "nginx", 2)])).toEqual([]);
});

it("a history in any order is read by time", () => {
  const history = [task(30, "c", "running", 31), task(0, "a", "shutdown", 12), task(10, "b", "failed", 40)];
  expect(kinds(history)).toEqual([
    { to: "b", drain: true, loss: false },
    { to: "c", drain: false, loss: true },
  ]);
});
