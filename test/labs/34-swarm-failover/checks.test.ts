import { gzipSync } from "node:zlib";
import { it } from "vitest";
import type { SwarmNodeState, TaskState } from "../../../labs/engineState.ts";
import { edit, expectFail, say } from "../verdicts.ts";
import type { Changes } from "../replay.ts";
import { writeAheadLog } from "./writeAheadLog.ts";

const slug = "swarm-failover";

const editTasks = (change: (task: TaskState) => TaskState) => edit("/tasks", (tasks) => tasks.map(change));
const editNodes = (change: (node: SwarmNodeState) => SwarmNodeState) =>
  edit("/nodes", (answer) => (Array.isArray(answer) ? answer.map(change) : change(answer)));
const raftLog = (...terms: number[]) =>
  say(/wal-v3-encrypted/, { stdout: gzipSync(writeAheadLog(terms)).toString("base64") });
const noServices = edit("/services", () => []);

/** All tasks that ended so, ended otherwise. */
const ended = (before: string, after: string) =>
  editTasks((task) => (task.Status.State === before ? { ...task, Status: { ...task.Status, State: after } } : task));

it.each<[string, RegExp, Changes]>([
  ["web-spreads-over-zones", /there is no service web$/, noServices],
  [
    "web-spreads-over-zones",
    /no placement preference/,
    edit("/services", (services) => {
      for (const { Spec } of services) Spec.TaskTemplate.Placement = {};
      return services;
    }),
  ],
  ["web-spreads-over-zones", /^0 of 6 replicas run/, ended("running", "pending")],
  [
    "web-spreads-over-zones",
    /^6 of 6 replicas run: .*: 6/,
    edit("/tasks", (tasks) => {
      const node = tasks.find((task) => task.Status.State === "running")?.NodeID ?? "";
      return tasks.map((task) => ({ ...task, NodeID: node }));
    }),
  ],
  ["probe-reaches-web", /got no page: download timed out/, say(/wget/, { code: 1, stderr: "download timed out\n" })],
  ["worker-drained", /no task of web was moved off a live node/, ended("shutdown", "failed")],
  [
    "worker-drained",
    /is still on drain/,
    editNodes((node) => ({ ...node, Spec: { ...node.Spec, Availability: "drain" } })),
  ],
  ["worker-lost", /no task of web was replaced while its worker was away/, ended("failed", "shutdown")],
  [
    "worker-lost",
    /no task of web was replaced while its worker was away/,
    editTasks((task) => ({ ...task, Status: { ...task.Status, Timestamp: task.CreatedAt } })),
  ],
  ["leader-lost", /leaders in the terms 2;/, raftLog(1, 2, 2)],
  ["leader-lost", /engines started anew: none/, say(/docker\.pid/, { stdout: "0\n" })],
  ["leader-lost", /could not look: cannot read the Raft log/, say(/wal/, { code: 1, stderr: "No such file" })],
  ["quorum-lost-and-regained", /found no majority: none/, raftLog(1, 2, 3, 4)],
  ["quorum-lost-and-regained", /engines started anew: none/, say(/docker\.pid/, { stdout: "0\n" })],
  [
    "quorum-lost-and-regained",
    /only 0 managers are reachable/,
    editNodes((node) => ({
      ...node,
      ManagerStatus: node.ManagerStatus && { ...node.ManagerStatus, Reachability: "unreachable" },
    })),
  ],
  [
    "swarm-whole-again",
    /not ready and active: worker-2/,
    editNodes((node) =>
      node.Description.Hostname === "worker-2" ? { ...node, Spec: { ...node.Spec, Availability: "drain" } } : node,
    ),
  ],
  [
    "swarm-whole-again",
    /not ready and active: manager-1, manager-2, manager-3, worker-1, worker-2/,
    editNodes((node) => ({ ...node, Status: { State: "down" } })),
  ],
  [
    "swarm-whole-again",
    /are ready and active; .*: 3/,
    edit("/tasks", (tasks) => {
      const running = tasks.filter((task) => task.Status.State === "running");
      const [first, second] = [...new Set(running.map((task) => task.NodeID))];
      return running.map((task, index) => ({ ...task, NodeID: (index < 3 ? first : second) ?? "" }));
    }),
  ],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
