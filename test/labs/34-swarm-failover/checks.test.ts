import { it } from "vitest";
import type { SwarmNodeState, TaskState } from "../../../labs/engineState.ts";
import { edit, expectFail, say } from "../verdicts.ts";
import { replay, type Changes } from "../replay.ts";

const slug = "swarm-failover";

const editTasks = (change: (task: TaskState) => TaskState) => edit("/tasks", (tasks) => tasks.map(change));
const editNodes = (change: (node: SwarmNodeState) => SwarmNodeState) =>
  edit("/nodes", (answer) => (Array.isArray(answer) ? answer.map(change) : change(answer)));
/** Changes what the engines have logged, each line by itself. */
const editLogs = (change: (line: string, host: string) => string | string[]): Changes => ({
  engineLog: (lines, host) => lines?.flatMap((line) => change(line, host)),
});
const began = (line: string) => line.includes('msg="Starting up"');
const neverBeganAnew = (): Changes => ({
  engineLog: (lines) => lines?.filter((line, index) => !began(line) || lines.findIndex(began) === index),
});
const everToldToEnd = editLogs((line) =>
  began(line) ? [line, line.replace("Starting up", "Processing signal 'terminated'")] : line,
);
const noServices = edit("/services", () => []);

/** All tasks that ended so, ended otherwise. */
const ended = (before: string, after: string) =>
  editTasks((task) => (task.Status.State === before ? { ...task, Status: { ...task.Status, State: after } } : task));

/** When tasks of web were shut down. */
const shutdowns = (
  await replay(slug, "done").host("manager-1").engine<TaskState[]>('/tasks?filters={"service":["web"]}')
)
  .filter(({ Status }) => Status.State === "shutdown")
  .map(({ Status }) => Status.Timestamp);
const cutOff = (time: string) => `time="${time}" level=error msg="agent: session failed" module=node/agent`;

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
  ["probe-reaches-web", /no page: .*No such container/, say(/wget/, { code: 1, stderr: "No such container: probe\n" })],
  ["worker-drained", /no task of web left a worker that was drained;.*\(failed\)/, ended("shutdown", "failed")],
  [
    "worker-drained",
    /no task of web left a worker that was drained;.*\(shutdown\)/,
    { engineLog: (lines) => [...(lines ?? []), ...shutdowns.map(cutOff)] },
  ],
  [
    "worker-drained",
    /is still on drain/,
    editNodes((node) => ({ ...node, Spec: { ...node.Spec, Availability: "drain" } })),
  ],
  ["worker-lost", /no task of web was replaced while its worker was dead/, neverBeganAnew()],
  ["worker-lost", /^worker-1 was lost, but was told to end$/, everToldToEnd],
  [
    "worker-lost",
    /no task of web was replaced while its worker was dead/,
    editTasks((task) => ({ ...task, Status: { ...task.Status, Timestamp: task.CreatedAt } })),
  ],
  ["leader-lost", /no manager has ended while it led and begun anew; ended have: none/, neverBeganAnew()],
  [
    "leader-lost",
    /no manager has ended while it led and begun anew; ended have: manager-\d as follower/,
    editLogs((line) => line.replace("became leader", "became follower")),
  ],
  ["leader-lost", /^manager-\d led in term \d+ and was told to end$/, everToldToEnd],
  [
    "leader-lost",
    /^manager-\d led in term 2 and was killed, but nobody was elected until it was back$/,
    editLogs((line) => (/became leader at term (?!2")/.test(line) ? [] : line)),
  ],
  ["leader-lost", /could not look: no such container/, { engineLog: () => new Error("no such container") }],
  ["quorum-lost-and-regained", /no manager stood for election while most managers were dead/, neverBeganAnew()],
  [
    "quorum-lost-and-regained",
    /no manager stood for election while most managers were dead/,
    editLogs((line, host) => (began(line) && host === "manager-2" ? [] : line)),
  ],
  [
    "quorum-lost-and-regained",
    /; only 0 of 3 are reachable/,
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
    /are ready and active; .*: 6/,
    edit("/tasks", (tasks) => {
      const running = tasks.filter((task) => task.Status.State === "running");
      return running.map((task) => ({ ...task, NodeID: running[0]?.NodeID ?? "" }));
    }),
  ],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));
