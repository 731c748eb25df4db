import { fail, pass, type Check } from "../check.ts";
import type { ClusterState, ServiceState, SwarmInfo, SwarmNodeState } from "../engineState.ts";
import { inTask, onManager, onService, runningOf, tasksOf } from "../swarmChecks.ts";
import { configuredPage, pageTarget } from "./page.ts";
import { askAll } from "./published.ts";
import { findRemoved } from "./removed.ts";

const secret = "api-token";

const checks: Check[] = [
  {
    id: "swarm-begun",
    step: 1,
    title: "host-1 is a manager, with an address the others reach and the overlay pool set aside for it",
    run: async (context) => {
      const host = context.host("host-1");
      const { overlayPool } = context.outputs;
      const { Swarm } = await host.engine<SwarmInfo>("/info");
      if (!Swarm.ControlAvailable) return fail("host-1 is no manager", "`docker swarm init` on host-1.");
      if (Swarm.NodeAddr !== host.address)
        return fail(
          `host-1 advertises ${Swarm.NodeAddr}, the others reach it at ${host.address}`,
          "`docker swarm leave --force`, then init with --advertise-addr.",
        );
      const { DefaultAddrPool: pools } = await host.engine<ClusterState>("/swarm");
      const seen = `host-1 advertises ${Swarm.NodeAddr} and cuts overlays from ${pools.join(", ")}`;
      return pools.length === 1 && pools[0] === overlayPool
        ? pass(seen)
        : fail(
            `${seen}, not from ${overlayPool}`,
            "`docker swarm leave --force`, then init with --default-addr-pool and the range in /root/lab/overlay-pool.",
          );
    },
  },
  {
    id: "three-nodes-ready",
    step: 2,
    title: "host-2 and host-3 are workers in host-1's Swarm",
    run: onManager(async (manager) => {
      const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
      const ready = nodes.filter((node) => node.Status.State === "ready");
      const named = (role: string) =>
        ready
          .filter(({ Spec }) => Spec.Role === role)
          .map(({ Description }) => Description.Hostname)
          .sort();
      const [managers, workers] = [named("manager").join(", "), named("worker").join(", ")];
      const seen = `ready managers: ${managers || "none"}; ready workers: ${workers || "none"}`;
      if (managers === "host-1" && workers === "host-2, host-3") return pass(seen);
      return managers.includes(",")
        ? fail(seen, "A manager too many: `docker node demote` makes a worker of it. Join with the worker's token.")
        : fail(seen, "host-2 and host-3 join with the worker's token.");
    }),
  },
  {
    id: "web-answers",
    step: 3,
    title: "web answers on port 8080 of the nodes that publish it",
    run: onService("web", async (service, manager, context) => {
      const port = service.Spec.EndpointSpec?.Ports?.find(({ TargetPort }) => TargetPort === 80);
      if (port?.PublishedPort !== 8080) return fail("web does not publish port 80 as 8080", "Add --publish.");
      const answers = await askAll(service, manager, context);
      const silent = answers.filter(({ page }) => page === undefined);
      const where = port.PublishMode === "host" ? "on the hosts that run it" : "through the mesh";
      if (answers.length === 0 || silent.length > 0)
        return fail(
          `no page from ${silent.map(({ host }) => host).join(", ") || "any host, as no replica runs"}`,
          port.PublishMode === "ingress" && !manager.capabilities.ipvs
            ? "This kernel has no ip_vs, so the mesh forwards nothing: publish with mode=host."
            : "`docker service ps web --no-trunc` tells what the replicas do.",
        );
      return pass(`a page ${where}: ${answers.map(({ host }) => host).join(", ")}`);
    }),
  },
  {
    id: "web-scaled",
    step: 4,
    title: "web runs three replicas",
    run: onService("web", async (service, manager) => {
      const wanted = service.Spec.Mode.Replicated?.Replicas;
      if (wanted === undefined)
        return fail("web is global: it has no number of replicas", "Remove it, and create it with --replicas.");
      const running = runningOf(await tasksOf(manager, service)).length;
      const seen = `${running} of ${wanted} replicas run`;
      return wanted === 3 && running === 3 ? pass(seen) : fail(seen, "`docker service scale web=3`");
    }),
  },
  {
    id: "web-healed",
    step: 4,
    title: "A replica of web whose container was removed was replaced",
    run: onService("web", async (service, manager, context) => {
      const tasks = await tasksOf(manager, service);
      const ended = tasks.filter(({ Status }) => Status.State === "failed" || Status.State === "complete");
      if (ended.length === 0)
        return fail(
          "no replica of web has ended by itself",
          "Remove a replica's container on its host with `docker rm --force`.",
        );
      const removed = await findRemoved(ended, manager, context);
      if (!removed)
        return fail(
          `web.${ended.map(({ Slot }) => Slot).join(", web.")} ended, but its container is still there`,
          "It stopped or crashed. Remove a running one on its host with `docker rm --force`.",
        );
      const heir = runningOf(tasks).find((task) => task.Slot === removed.Slot);
      const seen = `the container of web.${removed.Slot} is gone, exit code ${removed.Status.ContainerStatus?.ExitCode}`;
      return heir
        ? pass(`${seen}, and another one runs`)
        : fail(seen, "Wait until another one runs: `docker service ps web`.");
    }),
  },
  {
    id: "web-updated",
    step: 5,
    title: "web runs nginx:1, updated one task at a time",
    run: onService("web", async (service, manager) => {
      const { TaskTemplate, UpdateConfig } = service.Spec;
      const isNew = (image: string) => /(^|\/)nginx:1(@|$)/.test(image);
      if (!isNew(TaskTemplate.ContainerSpec.Image))
        return fail(
          `web is declared with ${TaskTemplate.ContainerSpec.Image}`,
          "`docker service update --image nginx:1 web`",
        );
      const { Parallelism, Delay = 0 } = UpdateConfig ?? {};
      if (Parallelism !== 1 || Delay < 2e9)
        return fail(
          `web's updates take ${Parallelism ?? 1} at a time, with ${Delay / 1e9} s between them`,
          "`docker service update --update-parallelism 1 --update-delay 2s web`",
        );
      const running = runningOf(await tasksOf(manager, service));
      const old = running.filter((task) => !isNew(task.Spec.ContainerSpec.Image));
      const state = service.UpdateStatus?.State ?? "none";
      const seen = `${running.length - old.length} of ${running.length} tasks run nginx:1, the last update is ${state}`;
      return running.length > 0 && old.length === 0 && state === "completed"
        ? pass(seen)
        : fail(seen, "`docker service ps web` shows how far the update is.");
    }),
  },
  {
    id: "web-shows-config",
    step: 6,
    title: "web shows the page that is in a config",
    run: onService("web", async (service, manager, context) => {
      const wanted = await configuredPage(service, manager);
      if (wanted === undefined)
        return fail(`web has no config at ${pageTarget}`, "`docker service update --config-add ...`");
      const answers = await askAll(service, manager, context);
      const others = answers.filter(({ page }) => page !== wanted);
      return answers.length > 0 && others.length === 0
        ? pass(`${answers.map(({ host }) => host).join(", ")} show it: ${wanted.trim()}`)
        : fail(
            `another page from ${others.map(({ host }) => host).join(", ") || "nobody"}`,
            "Is the update done? `docker service ps web`",
          );
    }),
  },
  {
    id: "web-holds-secret",
    step: 7,
    title: `web's tasks hold the secret ${secret} in memory, without a line end`,
    run: onService("web", async (service, manager, context) => {
      if (!holdsSecret(service)) {
        const exposed = service.Spec.TaskTemplate.ContainerSpec.Env?.find((variable) => /token/i.test(variable));
        return exposed === undefined
          ? fail(`web is not given ${secret}`, `\`docker service update --secret-add ${secret} web\``)
          : fail(
              `web has the environment variable ${exposed.split("=")[0]}, and not the secret ${secret}`,
              "`docker service inspect` shows variables to everybody. Take it away with --env-rm, and use --secret-add.",
            );
      }
      const path = `/run/secrets/${secret}`;
      const tasks = runningOf(await tasksOf(manager, service));
      for (const task of tasks) {
        const look = `grep -c "^tmpfs ${path} " /proc/mounts; wc -c < ${path}; tail -c 1 ${path} | wc -l`;
        const [inMemory, bytes, lineEnds] = (await inTask(task, look, manager, context)).stdout
          .split(/\s+/)
          .map(Number);
        if (inMemory !== 1 || !bytes)
          return fail(`task web.${task.Slot} has no ${path} in memory`, "Is the update done?");
        if (lineEnds) return fail(`${secret} ends with a line end`, "Make it anew, without one: tr -d '\\n'");
      }
      return tasks.length > 0
        ? pass(`${tasks.length} tasks have ${path} on a tmpfs, without a line end`)
        : fail("no task of web runs", "`docker service ps web --no-trunc` tells why.");
    }),
  },
  {
    id: "stack-declared",
    step: 8,
    title: "The stack's api has a memory limit, and updates that begin the new first and roll back",
    run: onService("shop_api", ({ Spec }) => {
      if (Spec.Labels["com.docker.stack.namespace"] !== "shop")
        return fail("shop_api is not part of a stack", "Deploy it with `docker stack deploy`.");
      const mebibytes = (Spec.TaskTemplate.Resources?.Limits?.MemoryBytes ?? 0) / 2 ** 20;
      const { Order = "stop-first", FailureAction = "pause" } = Spec.UpdateConfig ?? {};
      const seen = `shop_api has a limit of ${mebibytes || "no"} MiB, order ${Order}, failure action ${FailureAction}`;
      return mebibytes === 64 && Order === "start-first" && FailureAction === "rollback"
        ? pass(seen)
        : fail(seen, "Under deploy: resources.limits.memory 64M, update_config with order and failure_action.");
    }),
  },
  {
    id: "stack-answers",
    step: 8,
    title: "The stack shop runs, and its client reaches its api",
    run: onService("shop_api", async (api, manager, context) => {
      const wanted = await configuredPage(api, manager);
      if (wanted === undefined || !holdsSecret(api))
        return fail("shop_api lacks the config for its page or the secret", "Name both under the service, too.");
      const replicas = runningOf(await tasksOf(manager, api)).length;
      const client = (await manager.engine<ServiceState[]>("/services")).find(
        ({ Spec }) => Spec.Name === "shop_client",
      );
      const [task] = client ? runningOf(await tasksOf(manager, client)) : [];
      if (replicas < 2 || !task)
        return fail(
          `${replicas} tasks of shop_api run, ${task ? "one" : "none"} of shop_client`,
          "`docker stack ps shop`",
        );
      const answer = await inTask(task, "wget -q -T 5 -O - http://api/", manager, context);
      return answer.stdout === wanted
        ? pass(`shop_client asked http://api/ and got the page; ${replicas} replicas of shop_api run`)
        : fail(`shop_client got no page: ${answer.stderr.trim()}`, "Without ip_vs, api needs endpoint_mode: dnsrr.");
    }),
  },
];

export default checks;

function holdsSecret(service: ServiceState): boolean {
  return service.Spec.TaskTemplate.ContainerSpec.Secrets?.some(({ SecretName }) => SecretName === secret) ?? false;
}
