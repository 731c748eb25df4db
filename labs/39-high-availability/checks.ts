import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { ofAll, onLoad as onLoadOf, requests, type Request } from "../load.ts";
import { drains, turns, type Turn } from "./turns.ts";

/**
 * How long requests may fail after something died, in ms. A server that stops answering is left out after 4 s at most (see the
 * load balancer's `inter`, `fall` and `timeout check`), and the last request that it was given fails 2 s later
 * (`timeout server`), but began before. The rest is for a busy machine.
 */
const windowMs = 5_000;
const first = "load-balancer";
const second = "second";
const client = (context: CheckContext) => context.host("node-3");

const onLoad = (run: string, look: Parameters<typeof onLoadOf>[2]) => onLoadOf("node-3", run, look);

interface ContainerState {
  State: { Running: boolean; Paused: boolean; FinishedAt: string };
  Created: string;
}

const container = (context: CheckContext, host: string, name: string) =>
  context
    .host(host)
    .engine<ContainerState>(`/containers/${name}/json`)
    .catch(() => undefined);

const replicaDied = (run: string, why: RegExp, how: string): Check["run"] =>
  onLoad(run, async (sent, context) => {
    const seen = await turns(context.host("node-1"), first);
    const died = seen.find((turn) => fits(turn, sent, why));
    if (!died)
      return fail(
        `while the run ${run} lasted, the load balancer on node-1 left no server out for this reason`,
        `Let the load run, ${how} on node-2 in the meantime, and wait until the load has ended.`,
      );
    const lost = failures(sent, died.at - windowMs, died.at + 1_000);
    if (typeof lost !== "number") return lost;
    const back = seen.find(({ at, server, state }) => server === died.server && state === "UP" && at >= died.at);
    const without = sent.filter(({ began }) => began > died.at && began < (back?.at ?? Infinity));
    return without.length > 0
      ? pass(`${died.server} was left out of ${without.length} requests (${died.reason}); ${lostOf(lost, sent)}`)
      : fail(`no request of the run ${run} came while ${died.server} was left out`, "Let the load run longer.");
  });

const fits = ({ at, state, reason }: Turn, sent: Request[], why: RegExp) =>
  state === "DOWN" && why.test(reason) && at > (sent[0]?.began ?? 0) && at < (sent.at(-1)?.began ?? 0);

const lostOf = (lost: number, sent: Request[]) =>
  lost === 0 ? `none of ${sent.length} requests failed` : `${ofAll(lost, sent)}, all within ${windowMs / 1_000} s`;

/** How many failed, or the verdict when some did outside of that time. */
function failures(sent: Request[], from: number, to: number): number | Verdict {
  const failed = sent.filter(({ ok }) => !ok);
  const outside = failed.filter(({ began }) => began < from || began > to);
  return outside.length === 0
    ? failed.length
    : fail(
        `${ofAll(failed.length, sent)}, ${outside.length} of them not within ${windowMs / 1_000} s of what died`,
        "Begin with three replicas that answer, and let only one thing die in a run.",
      );
}

const checks: Check[] = [
  {
    id: "replicas-up",
    step: 1,
    title: "Three replicas answer through the load balancer",
    run: async (context) => {
      const names = context.hosts.map(({ name }) => name);
      const asked = "for i in $(seq 12); do curl -s --max-time 3 http://node-1/; done | sort -u";
      const { stdout } = await client(context).run(asked);
      const answers = stdout.split("\n").filter((text) => text !== "");
      const missing = names.filter((name) => !answers.includes(name));
      const others = answers.filter((text) => !names.includes(text)).map((text) => `"${text.slice(0, 40)}"`);
      const none = `none of 12 requests to node-1 was answered by ${missing.join(", ")}`;
      if (missing.length === 0) return pass(`12 requests to node-1 were answered by ${names.join(", ")}`);
      return others.length > 0
        ? fail(
            `${none}, but some by ${others.slice(0, 3).join(", ")}`,
            "Give `web` its host's name (--hostname) and the configuration web.conf.",
          )
        : fail(none, "One container `web` on each host, on port 8080?");
    },
  },
  {
    id: "replica-killed",
    step: 2,
    title: "A replica was killed under load, and next to nothing was lost",
    run: replicaDied("killed", /^Layer4 connection problem/, "`docker kill web`"),
  },
  {
    id: "replica-frozen",
    step: 2,
    title: "A replica froze under load, and no more than the health check's window was lost",
    run: replicaDied("frozen", /timeout/, "`docker pause web`"),
  },
  {
    id: "second-entrance",
    step: 3,
    title: "A second load balancer on node-2 answers, and asks its servers for their health",
    run: async (context) => {
      const { stdout } = await client(context).run("curl -s --max-time 5 'http://node-2:8404/;csv'");
      const servers = stdout
        .split("\n")
        .map((text) => text.split(","))
        .filter(([backend, server]) => backend === "servers" && server !== "BACKEND");
      if (servers.length === 0)
        return fail("http://node-2:8404 shows no servers", `Start HAProxy on node-2 as the container ${second}.`);
      const unasked = servers.filter((fields) => fields[17] === "no check").map(([, server]) => server);
      if (unasked.length > 0)
        return fail(`${unasked.join(", ")}: no health check`, "`check inter 1s fall 2 rise 2` on each server's line.");
      const shallow = servers.filter((fields) => !fields[36]?.includes("L7")).map(([, server]) => server);
      if (shallow.length > 0)
        return fail(
          `${shallow.join(", ")}: only asked for a connection, which a frozen container passes`,
          "`option httpchk GET /` in the backend makes the check a request.",
        );
      const down = servers.filter((fields) => !fields[17]?.startsWith("UP")).map(([, server]) => server);
      return down.length === 0
        ? pass(`node-2's load balancer asks ${servers.map(([, server]) => server).join(", ")}, and all are up`)
        : fail(`node-2's load balancer has ${down.join(", ")} down`, "Does the replica answer on port 8080?");
    },
  },
  {
    id: "entrance-killed",
    step: 3,
    title: "The first load balancer was killed under load, and the second took over",
    run: onLoad("entrance", async (sent, context) => {
      const { address: one } = context.host("node-1");
      const { address: other } = context.host("node-2");
      const killed = Date.parse((await container(context, "node-1", first))?.State.FinishedAt ?? "");
      const [begin, end] = [sent[0]?.began ?? 0, sent.at(-1)?.began ?? 0];
      if (!(killed > begin && killed < end))
        return fail(
          "the load balancer of node-1 did not end while the run entrance lasted",
          `\`docker kill ${first}\` on node-1 in the meantime. If it was stopped again later, do the run again.`,
        );
      const lost = failures(sent, killed - windowMs, killed + windowMs);
      if (typeof lost !== "number") return lost;
      const by = (entrance: string, from: number, to: number) =>
        sent.filter(({ ok, began, ...request }) => ok && request.entrance === entrance && began >= from && began < to);
      const [before, after] = [by(one, begin, killed).length, by(other, killed, Infinity).length];
      return before > 0 && after > 0
        ? pass(`${before} requests went by node-1 until it was killed, then ${after} by node-2; ${lostOf(lost, sent)}`)
        : fail(
            `${before} requests went by node-1 before it was killed, ${after} by node-2 after`,
            "Give load.sh both entrances, node-1 first.",
          );
    }),
  },
  {
    id: "entrance-back",
    step: 3,
    title: "The first load balancer runs again",
    run: async (context) => {
      const killed = await requests(client(context), "entrance");
      const found = await container(context, "node-1", first);
      if (!killed) return fail("it has not been killed in the run entrance", "Do the run first.");
      return found?.State.Running
        ? pass(`${first} runs on node-1`)
        : fail(`${first} does not run on node-1`, `\`docker start ${first}\` on node-1.`);
    },
  },
  {
    id: "maintenance",
    step: 4,
    title: "A replica was replaced under load, and no request failed",
    run: onLoad("maintenance", async (sent, context) => {
      const made = Date.parse((await container(context, "node-3", "web"))?.Created ?? "");
      const [begin, end] = [sent[0]?.began ?? 0, sent.at(-1)?.began ?? 0];
      if (!(made > begin && made < end))
        return fail(
          "the container web of node-3 was not made while the run maintenance lasted",
          "Remove it and run a new one in the meantime.",
        );
      for (const [host, entrance] of Object.entries({ "node-1": first, "node-2": second })) {
        const drained = await drains(context.host(host), entrance, "node-3");
        if (!drained.some((at) => at > begin && at < made))
          return fail(
            `${entrance} on ${host} was not told to drain node-3 before its web was replaced`,
            "Drain node-3 on both load balancers while the load runs, and then remove web.",
          );
      }
      const failed = sent.filter(({ ok }) => !ok).length;
      if (failed > 0)
        return fail(ofAll(failed, sent), "Wait until nothing is under way on node-3 before web is removed.");
      const back = sent.filter(({ began, replica }) => began > made && replica === "node-3").length;
      return back > 0
        ? pass(`web on node-3 was replaced, and then answered ${back} requests; none of ${sent.length} failed`)
        : fail(
            "after it was replaced, node-3 answered no request of the run",
            "`state ready` lets it have requests again.",
          );
    }),
  },
];

export default checks;
