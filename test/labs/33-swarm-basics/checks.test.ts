import { expect, it } from "vitest";
import type { ServiceState, SwarmNodeState, TaskState } from "../../../labs/engineState.ts";
import { edit, expectFail, say, verdictOf } from "../verdicts.ts";
import { replay, type Changes } from "../replay.ts";

const slug = "swarm-basics";

/** Changes a service's declaration. */
const editService = (name: string, change: (spec: ServiceState["Spec"]) => void) =>
  edit("/services", (services) => {
    for (const { Spec } of services) if (Spec.Name === name) change(Spec);
    return services;
  });
const editTasks = (change: (tasks: TaskState[]) => TaskState[]) => edit("/tasks", change);
const editNode = (name: string, change: (node: SwarmNodeState) => SwarmNodeState) =>
  edit("/nodes", (nodes) => [nodes].flat().map((node) => (node.Description.Hostname === name ? change(node) : node)));
const noServices = edit("/services", () => []);

/** Container of the task that ended. */
const crashed =
  (await replay(slug, "done").host("host-1").engine<TaskState[]>('/tasks?filters={"service":["web"]}')).find(hasFailed)
    ?.Status.ContainerStatus?.ContainerID ?? "";

it.each<[string, RegExp, Changes]>([
  [
    "swarm-begun",
    /advertises 172\.17\.0\.1, the others reach it at/,
    edit("/info", (info) => ({ ...info, Swarm: { ...info.Swarm, NodeAddr: "172.17.0.1" } })),
  ],
  [
    "swarm-begun",
    /overlays from 10\.0\.0\.0\/8, not from 10\.255\.16\.0\/20$/,
    edit("/swarm", () => ({ DefaultAddrPool: ["10.0.0.0/8"] })),
  ],
  [
    "swarm-begun",
    /overlays from 10\.255\.16\.0\/20, 10\.0\.0\.0\/8, not/,
    edit("/swarm", () => ({ DefaultAddrPool: ["10.255.16.0/20", "10.0.0.0/8"] })),
  ],
  [
    "three-nodes-ready",
    /^ready managers: host-1; ready workers: host-2$/,
    editNode("host-3", (node) => ({ ...node, Status: { State: "down" } })),
  ],
  [
    "three-nodes-ready",
    /^ready managers: host-1, host-3; ready workers: host-2$/,
    editNode("host-3", (node) => ({ ...node, Spec: { ...node.Spec, Role: "manager" } })),
  ],
  ["web-answers", /there is no service web$/, noServices],
  [
    "web-answers",
    /does not publish port 80 as 8080/,
    editService("web", (spec) => {
      spec.EndpointSpec = { Ports: [{ TargetPort: 80, PublishedPort: 80, PublishMode: "host" }] };
    }),
  ],
  ["web-answers", /no page from host-1, host-2, host-3/, say(/curl/, { code: 7 })],
  ["web-answers", /no page from any host, as no replica runs/, editTasks(() => [])],
  [
    "web-scaled",
    /3 of 2 replicas run/,
    editService("web", (spec) => {
      spec.Mode = { Replicated: { Replicas: 2 } };
    }),
  ],
  [
    "web-scaled",
    /web is global/,
    editService("web", (spec) => {
      spec.Mode = {};
    }),
  ],
  ["web-scaled", /2 of 3 replicas run/, editTasks((tasks) => withoutOneRunning(tasks))],
  [
    "web-healed",
    /no replica of web has ended by itself/,
    editTasks((tasks) => tasks.filter((task) => !hasFailed(task))),
  ],
  ["web-healed", /is gone, exit code 137$/, editTasks((tasks) => tasks.filter(hasFailed))],
  [
    "web-healed",
    /^web\.\d ended, but its container is still there$/,
    edit("/containers", () => [{ Id: crashed, Names: [], NetworkSettings: { Networks: {} } }]),
  ],
  [
    "web-updated",
    /declared with nginx:latest/,
    editService("web", (spec) => {
      spec.TaskTemplate.ContainerSpec.Image = "nginx:latest";
    }),
  ],
  [
    "web-updated",
    /updates take 2 at a time, with 2 s/,
    editService("web", (spec) => {
      spec.UpdateConfig = { Parallelism: 2, Delay: 2e9 };
    }),
  ],
  [
    "web-updated",
    /updates take 1 at a time, with 0 s/,
    editService("web", (spec) => {
      spec.UpdateConfig = { Parallelism: 1 };
    }),
  ],
  [
    "web-updated",
    /the last update is none$/,
    edit("/services", (services) => services.map((service) => ({ ...service, UpdateStatus: undefined }))),
  ],
  [
    "web-updated",
    /^0 of 3 tasks run nginx:1/,
    editTasks((tasks) => tasks.map((task) => ({ ...task, Spec: { ContainerSpec: { Image: "nginx:1.2" } } }))),
  ],
  [
    "web-updated",
    /last update is rollback_completed/,
    edit("/services", (services) =>
      services.map((service) => ({ ...service, UpdateStatus: { State: "rollback_completed" } })),
    ),
  ],
  [
    "web-shows-config",
    /web has no config/,
    editService("web", (spec) => {
      spec.TaskTemplate.ContainerSpec.Configs = null;
    }),
  ],
  [
    "web-shows-config",
    /web has no config at/,
    editService("web", (spec) => {
      for (const config of spec.TaskTemplate.ContainerSpec.Configs ?? []) config.File = { Name: "/page-1" };
    }),
  ],
  ["web-shows-config", /another page from host-1, host-2, host-3/, say(/curl/, { stdout: "Welcome to nginx!" })],
  [
    "web-holds-secret",
    /is not given api-token/,
    editService("web", (spec) => {
      spec.TaskTemplate.ContainerSpec.Secrets = [];
    }),
  ],
  [
    "web-holds-secret",
    /^web has the environment variable API_TOKEN, and not the secret api-token$/,
    editService("web", (spec) => {
      spec.TaskTemplate.ContainerSpec.Secrets = [];
      spec.TaskTemplate.ContainerSpec.Env = ["PATH=/bin", "API_TOKEN=0123456789"];
    }),
  ],
  ["web-holds-secret", /ends with a line end/, say(/secrets/, { stdout: "1\n65\n1\n" })],
  ["web-holds-secret", /in memory/, say(/secrets/, { stdout: "0\n64\n0\n" })],
  ["web-holds-secret", /in memory/, say(/secrets/, { code: 1 })],
  ["web-holds-secret", /no task of web runs/, editTasks(() => [])],
  ["stack-declared", /there is no service shop_api$/, noServices],
  [
    "stack-declared",
    /limit of no MiB, order start-first, failure action rollback/,
    editService("shop_api", (spec) => {
      spec.TaskTemplate.Resources = {};
    }),
  ],
  [
    "stack-declared",
    /limit of 64 MiB, order stop-first, failure action pause/,
    editService("shop_api", (spec) => {
      spec.UpdateConfig = { Parallelism: 1 };
    }),
  ],
  ["stack-answers", /there is no service shop_api$/, noServices],
  [
    "stack-declared",
    /not part of a stack/,
    editService("shop_api", (spec) => {
      spec.Labels = {};
    }),
  ],
  [
    "stack-answers",
    /lacks the config for its page or the secret/,
    editService("shop_api", (spec) => {
      spec.TaskTemplate.ContainerSpec.Secrets = null;
    }),
  ],
  ["stack-answers", /0 tasks of shop_api run, none of shop_client/, editTasks(() => [])],
  ["stack-answers", /got no page: bad address/, say(/wget/, { code: 1, stderr: "bad address 'api'" })],
])("%s fails: %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

it("a mesh on a kernel without ip_vs is told what to do instead", async () => {
  const changes = {
    ...editService("web", (spec) => {
      spec.EndpointSpec = { Ports: [{ TargetPort: 80, PublishedPort: 8080, PublishMode: "ingress" }] };
    }),
    ...say(/curl/, { code: 28 }),
  };
  const hint = async (ipvs: boolean) => verdictOf(slug, "web-answers", { ...changes, can: { ipvs } });
  expect(await hint(false)).toMatchObject({ verdict: "fail", hint: expect.stringContaining("mode=host") as string });
  expect(await hint(true)).toMatchObject({ verdict: "fail", hint: expect.not.stringContaining("mode=host") as string });
});

it("no evidence holds the secret", async () => {
  const verdict = await verdictOf(slug, "web-holds-secret", say(/secrets/, { stdout: "1\n64\n0\n" }));
  expect(verdict).toEqual({
    verdict: "pass",
    evidence: "3 tasks have /run/secrets/api-token on a tmpfs, without a line end",
  });
});

function hasFailed(task: TaskState): boolean {
  return task.Status.State === "failed";
}

function withoutOneRunning(tasks: TaskState[]): TaskState[] {
  const index = tasks.findIndex((task) => task.Status.State === "running");
  return tasks.toSpliced(index, 1);
}
