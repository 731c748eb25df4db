import { fail, pass, type Check } from "../check.ts";
import type { SwarmNodeState } from "../engineState.ts";
import { hostnames, onManager, onService, tasksOf } from "../swarmChecks.ts";
import { readElections } from "./raftLog.ts";
import { restartedManagers } from "./restarts.ts";
import { isDrain, isLoss, taskMoves } from "./taskMoves.ts";
import { describeZones, replicasByZone } from "./zones.ts";

const replicas = 6;
const forgetful = "Swarm remembers five old tasks a replica: after many moves, do the step once more.";

const checks: Check[] = [
  {
    id: "web-spreads-over-zones",
    step: 1,
    title: "web runs six replicas and spreads them over the zones",
    run: onService("web", async (service, manager, { outputs }) => {
      const preferences = service.Spec.TaskTemplate.Placement?.Preferences ?? [];
      if (!preferences.some(({ Spread }) => Spread.SpreadDescriptor === "node.labels.zone"))
        return fail("web has no placement preference", "Add --placement-pref spread=node.labels.zone.");
      const zones = await replicasByZone(manager, service, outputs);
      const counts = Object.values(zones);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const seen = `${total} of ${replicas} replicas run: ${describeZones(zones)}`;
      return total === replicas && counts.every((count) => count > 0)
        ? pass(seen)
        : fail(seen, "`docker service ps web` tells what each replica waits for.");
    }),
  },
  {
    id: "probe-reaches-web",
    step: 1,
    title: "A container on the network app reaches web by name",
    run: async (context) => {
      const worker = context.host("worker-2");
      const { code, stdout, stderr } = await worker.run("docker exec probe wget -q -T 5 -O - http://web/");
      return code === 0
        ? pass(`probe on worker-2 asked http://web/ and got ${stdout.length} bytes`)
        : fail(`probe on worker-2 got no page: ${stderr.trim()}`, "Start probe on worker-2, on the network app.");
    },
  },
  {
    id: "worker-drained",
    step: 2,
    title: "A node was drained in good order and takes work again",
    run: onService("web", async (service, manager) => {
      const drained = taskMoves(await tasksOf(manager, service)).filter(isDrain);
      const [move] = drained;
      if (!move) return fail("no task of web was moved off a live node", `Drain worker-2. ${forgetful}`);
      const name = (await hostnames(manager)).get(move.from.NodeID) ?? move.from.NodeID;
      const { Spec } = await manager.engine<SwarmNodeState>(`/nodes/${move.from.NodeID}`);
      return Spec.Availability === "active"
        ? pass(`web.${move.from.Slot} left ${name} with exit code 0 when it was drained; ${name} is active again`)
        : fail(`${name} is still on ${Spec.Availability}`, `docker node update --availability active ${name}`);
    }),
  },
  {
    id: "worker-lost",
    step: 3,
    title: "A worker was lost, its tasks were replaced, and it is back",
    run: onService("web", async (service, manager, { outputs }) => {
      const names = await hostnames(manager);
      const lost = taskMoves(await tasksOf(manager, service))
        .filter(isLoss)
        .find(({ from }) => outputs.swarm?.workers.includes(names.get(from.NodeID) ?? ""));
      if (!lost)
        return fail(
          "no task of web was replaced while its worker was away",
          `Kill worker-1, wait until Swarm calls it Down and has replaced its tasks, then start it again. ${forgetful}`,
        );
      const { from, to } = lost;
      return pass(
        `web.${from.Slot} was replaced at ${to.CreatedAt} while ${names.get(from.NodeID)} was away, which told its end at ${from.Status.Timestamp}`,
      );
    }),
  },
  {
    id: "leader-lost",
    step: 4,
    title: "The leader was lost and another manager was elected",
    run: onManager(async (manager, context) => {
      const { led } = await readElections(manager);
      const restarted = await restartedManagers(manager, context);
      const seen = `the Raft log has leaders in the terms ${led.join(", ")}; engines started anew: ${restarted.join(", ") || "none"}`;
      return led.length > 1 && restarted.length > 0
        ? pass(seen)
        : fail(
            seen,
            "Find the leader with `docker node ls`, kill its host, wait for another leader, then start it again.",
          );
    }),
  },
  {
    id: "quorum-lost-and-regained",
    step: 5,
    title: "The quorum was lost, and all managers are back",
    run: onManager(async (manager, context) => {
      const { led, unled } = await readElections(manager);
      const restarted = await restartedManagers(manager, context);
      const seen = `terms with a leader: ${led.join(", ")}; terms whose candidates found no majority: ${unled.join(", ") || "none"}; engines started anew: ${restarted.join(", ") || "none"}`;
      if (unled.length === 0 || restarted.length < 2)
        return fail(seen, "Kill two managers at once, wait for two elections that fail, then start both again.");
      const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
      const reachable = nodes.filter((node) => node.ManagerStatus?.Reachability === "reachable");
      return reachable.length === context.outputs.swarm?.managers.length
        ? pass(`${seen}; ${reachable.length} managers are reachable`)
        : fail(`only ${reachable.length} managers are reachable`, "Start the hosts of the others again.");
    }),
  },
  {
    id: "swarm-whole-again",
    step: 6,
    title: "All nodes are ready and active, and web is even over the zones",
    run: onService("web", async (service, manager, { outputs }) => {
      const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
      const unwell = outputs.hosts.filter((host) => {
        const node = nodes.find(({ Description }) => Description.Hostname === host.name);
        return node?.Status.State !== "ready" || node.Spec.Availability !== "active";
      });
      if (unwell.length > 0)
        return fail(
          `not ready and active: ${unwell.map((host) => host.name).join(", ")}`,
          "`docker node ls` on a manager tells which is down and which is drained.",
        );
      const zones = await replicasByZone(manager, service, outputs);
      const counts = Object.values(zones);
      const seen = `all ${outputs.hosts.length} nodes are ready and active; ${describeZones(zones)}`;
      return Math.max(...counts) - Math.min(...counts) <= 1 && Math.min(...counts) > 0
        ? pass(seen)
        : fail(seen, "Swarm moves nothing back by itself: `docker service update --force web`.");
    }),
  },
];

export default checks;
