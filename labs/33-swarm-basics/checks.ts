import { fail, pass, type Check } from "../check.ts";
import type { ClusterState, ServiceState, SwarmInfo, SwarmNodeState } from "../engineState.ts";
import { inTask, onManager, onService, runningOf, tasksOf } from "../swarmChecks.ts";
import { configuredPage, pageTarget } from "./page.ts";
import { askAll } from "./published.ts";

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
    title: "All three hosts are in the Swarm",
    run: onManager(async (manager) => {
      const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
      const ready = nodes.filter((node) => node.Status.State === "ready");
      const seen = `ready: ${ready.map((node) => `${node.Description.Hostname} (${node.Spec.Role})`).join(", ")}`;
      return ready.length === 3 ? pass(seen) : fail(seen, "host-2 and host-3 join with the worker's token.");
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
      const wanted = service.Spec.Mode.Replicated?.Replicas ?? 0;
      const running = runningOf(await tasksOf(manager, service)).length;
      const seen = `${running} of ${wanted} replicas run`;
      return wanted === 3 && running === 3 ? pass(seen) : fail(seen, "`docker service scale web=3`");
    }),
  },
  {
    id: "web-healed",
    step: 4,
    title: "A replica of web that broke was replaced",
    run: onService("web", async (service, manager) => {
      const tasks = await tasksOf(manager, service);
      const broken = tasks.find(({ Status }) => Status.State === "failed" || Status.State === "complete");
      if (!broken)
        return fail(
          "no replica of web has broken",
          "Remove a replica's container on its host with `docker rm --force`.",
        );
      const heir = runningOf(tasks).find((task) => task.Slot === broken.Slot);
      const seen = `web.${broken.Slot} ended with exit code ${broken.Status.ContainerStatus?.ExitCode}`;
      return heir ? pass(`${seen} and runs again`) : fail(seen, "Wait until it runs again: `docker service ps web`.");
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
      if (UpdateConfig?.Parallelism !== 1 || !UpdateConfig.Delay)
        return fail(
          "the update has no delay, or more than one task at a time",
          "--update-parallelism 1 --update-delay 2s",
        );
      const running = runningOf(await tasksOf(manager, service));
      const old = running.filter((task) => !isNew(task.Spec.ContainerSpec.Image));
      const state = service.UpdateStatus?.State ?? "none";
      const seen = `${running.length - old.length} of ${running.length} tasks run nginx:1, the last update is ${state}`;
      return running.length > 0 && old.length === 0 && !/paused|rollback/.test(state)
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
      if (!holdsSecret(service))
        return fail(`web is not given ${secret}`, `docker service update --secret-add ${secret} web`);
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
    id: "stack-answers",
    step: 8,
    title: "The stack shop runs, and its client reaches its api",
    run: onService("shop_api", async (api, manager, context) => {
      if (api.Spec.Labels["com.docker.stack.namespace"] !== "shop")
        return fail("shop_api is not part of a stack", "Deploy it with `docker stack deploy`.");
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
