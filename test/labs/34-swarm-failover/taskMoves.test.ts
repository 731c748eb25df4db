import { expect, it } from "vitest";
import { isDrain, lossOf, taskMoves } from "../../../labs/34-swarm-failover/taskMoves.ts";
import type { TaskState } from "../../../labs/engineState.ts";
import { lifeOf, says } from "./engineLog.ts";

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

/** What each move was, on a worker whose engine wrote these lines after its start. */
const kinds = (tasks: TaskState[], ...lines: string[]) => {
  const life = lifeOf("worker", says.begins(0), ...lines);
  return taskMoves(tasks).map((move) => ({
    to: move.to.NodeID,
    drain: isDrain(move, life),
    loss: lossOf(move, life)?.killed,
  }));
};

const moved = (state: string, reported: number) => [task(10, "a", state, reported), task(100, "b", "running", 101)];

it("a drained node's task is shut down while its engine runs", () => {
  expect(kinds(moved("shutdown", 101))).toEqual([{ to: "b", drain: true, loss: undefined }]);
});

it("a dead node's task is reported after the engine's start, which came after its replacement", () => {
  for (const state of ["failed", "shutdown", "complete"])
    expect(kinds(moved(state, 141), says.begins(140))).toEqual([{ to: "b", drain: false, loss: true }]);
});

it("a node that was stopped in good order was not killed", () => {
  expect(kinds(moved("failed", 141), says.isTold(80), says.begins(140))).toEqual([
    { to: "b", drain: false, loss: false },
  ]);
});

it("a node that was cut off and shut its task down when it was back was neither drained nor dead", () => {
  expect(kinds(moved("shutdown", 120), says.isCutOff(85))).toEqual([{ to: "b", drain: false, loss: undefined }]);
});

it("a drained node that dies later was drained", () => {
  expect(kinds(moved("shutdown", 101), says.isCutOff(300), says.begins(350))).toEqual([
    { to: "b", drain: true, loss: undefined },
  ]);
});

it("a task that failed by itself was reported first", () => {
  expect(kinds(moved("failed", 99))).toEqual([{ to: "b", drain: false, loss: undefined }]);
  expect(kinds(moved("failed", 99), says.begins(140))).toEqual([{ to: "b", drain: false, loss: undefined }]);
});

it("a node that has not come back has lost nothing yet", () => {
  expect(kinds(moved("running", 15))).toEqual([{ to: "b", drain: false, loss: undefined }]);
});

it("an update, a new start on the same node and another slot are no moves", () => {
  expect(kinds([task(0, "a", "shutdown", 12), task(10, "b", "running", 11, "nginx:2")])).toEqual([]);
  expect(kinds([task(0, "a", "failed", 9), task(10, "a", "running", 11)])).toEqual([]);
  expect(kinds([task(0, "a", "shutdown", 12), task(10, "b", "running", 11, "nginx", 2)])).toEqual([]);
});

it("a history in any order is read by time", () => {
  const history = [task(130, "c", "running", 131), task(10, "a", "shutdown", 101), task(100, "b", "failed", 140)];
  expect(taskMoves(history).map(({ from, to }) => [from.NodeID, to.NodeID])).toEqual([
    ["a", "b"],
    ["b", "c"],
  ]);
});
