import { fail, pass, type Check, type CheckContext, type CheckHost } from "../check.ts";
import type { ServiceState, SwarmNodeState } from "../engineState.ts";
import { findManager, onManager, onService } from "../swarmChecks.ts";
import { readLives, restartsOf } from "./engineLife.ts";
import { leaderLosses, vainCandidacies } from "./losses.ts";
import { isDrain, lossOf } from "./taskMoves.ts";
import { describeMoves, workerMoves } from "./workerMoves.ts";
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
        : fail(`probe on worker-2 got no page: ${stderr.trim()}`, await whyNoPage(context, stderr));
    },
  },
  {
    id: "worker-drained",
    step: 2,
    title: "A worker was drained in good order and takes work again",
    run: onService("web", async (service, manager, context) => {
      const moves = await workerMoves(service, manager, context);
      const drained = moves.find((move) => isDrain(move, move.life));
      if (!drained)
        return fail(
          `no task of web left a worker that was drained; tasks that left one: ${describeMoves(moves)}`,
          `Drain worker-2, then make it active. ${forgetful}`,
        );
      const { from, life, heir } = drained;
      const { Spec } = await manager.engine<SwarmNodeState>(`/nodes/${from.NodeID}`);
      return Spec.Availability === "active"
        ? pass(
            `web.${from.Slot} was shut down on ${life.host}, which ran, and begun on ${heir}; ${life.host} is active`,
          )
        : fail(
            `${life.host} is still on ${Spec.Availability}`,
            `docker node update --availability active ${life.host}`,
          );
    }),
  },
  {
    id: "worker-lost",
    step: 3,
    title: "A worker was killed, its tasks were replaced, and it is back",
    run: onService("web", async (service, manager, context) => {
      const moves = await workerMoves(service, manager, context);
      const losses = moves.flatMap((move) => ({ ...move, restart: lossOf(move, move.life) }));
      const lost = losses.find(({ restart }) => restart?.killed);
      if (lost?.restart) {
        const back = new Date(lost.restart.at).toISOString();
        return pass(
          `web.${lost.from.Slot} was begun on ${lost.heir} at ${lost.to.CreatedAt}, while ${lost.life.host} was dead; it is back since ${back}`,
        );
      }
      const stopped = losses.find(({ restart }) => restart);
      return stopped
        ? fail(
            `${stopped.life.host} was lost, but was told to end`,
            "`docker kill` pulls the plug, `docker stop` does not.",
          )
        : fail(
            `no task of web was replaced while its worker was dead; tasks that left one: ${describeMoves(moves)}`,
            `Kill worker-1, wait until Swarm calls it Down and has replaced its tasks, then start it again. ${forgetful}`,
          );
    }),
  },
  {
    id: "leader-lost",
    step: 4,
    title: "The leader was killed and another manager was elected",
    run: async (context) => {
      const managers = await readLives(managersOf(context));
      const losses = leaderLosses(managers);
      const lost = losses.find(({ killed, successor }) => killed && successor);
      if (lost)
        return pass(
          `${lost.leader} led in term ${lost.term} and was killed; ${lost.successor?.host} was elected in term ${lost.successor?.term} while it was away`,
        );
      const [early] = losses;
      if (early)
        return fail(
          `${early.leader} led in term ${early.term} and was ${early.killed ? "killed, but nobody was elected until it was back" : "told to end"}`,
          "`docker kill` the leader's host, wait until another manager is Leader, and only then start it again.",
        );
      const killed = managers.flatMap((life) =>
        restartsOf(life).map(({ died }) => `${life.host} as ${died?.kind ?? "one without a role"}`),
      );
      return fail(
        `no manager has ended while it led and begun anew; ended have: ${killed.join(", ") || "none"}`,
        "Find the leader with `docker node ls`, kill its host, wait for another leader, then start it again.",
      );
    },
  },
  {
    id: "quorum-lost-and-regained",
    step: 5,
    title: "The quorum was lost, and all managers are back",
    run: onManager(async (manager, context) => {
      const vain = vainCandidacies(await readLives(managersOf(context)));
      const [first] = vain;
      if (!first)
        return fail(
          "no manager stood for election while most managers were dead",
          "Kill two managers at once, wait until the third has stood for election twice, then start both again.",
        );
      const seen = `${first.candidate} stood for election in term ${vain.map(({ term }) => term).join(", ")} while ${first.dead.join(" and ")} were dead`;
      const nodes = await manager.engine<SwarmNodeState[]>("/nodes");
      const reachable = nodes.filter((node) => node.ManagerStatus?.Reachability === "reachable");
      const all = managersOf(context).length;
      return reachable.length === all
        ? pass(`${seen}; all ${all} are reachable again`)
        : fail(`${seen}; only ${reachable.length} of ${all} are reachable`, "Start the hosts of the others again.");
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

async function whyNoPage(context: CheckContext, said: string): Promise<string> {
  if (/No such container|is not running/.test(said)) return "Start probe on worker-2, on the network app.";
  const manager = await findManager(context);
  const services = (await manager?.engine<ServiceState[]>("/services")) ?? [];
  const mode = services.find(({ Spec }) => Spec.Name === "web")?.Spec.EndpointSpec?.Mode;
  return mode === "vip" && context.hosts.some(({ capabilities }) => !capabilities.ipvs)
    ? "This kernel has no ip_vs, so web's one address leads nowhere: `docker service update --endpoint-mode dnsrr web`."
    : "Is there a service web on the network app, and is probe on that network?";
}

export default checks;

const managersOf = (context: CheckContext): CheckHost[] =>
  (context.outputs.swarm?.managers ?? []).map((name) => context.host(name));
