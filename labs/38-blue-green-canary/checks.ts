import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { ofAll, onLoad, type Request } from "../load.ts";

const client = "green";
/** How many requests in a row make a phase of a run: about a second of load.sh. */
const leastInPhase = 20;
/** What counts as about a tenth. */
const canaryShare = { least: 0.03, most: 0.2 };

const routesHint =
  "The router has a name of its own, a file of its own in edge's /root/front that ends in .yml, and the proxy got the signal HUP? " +
  "`docker logs reverse-proxy 2>&1 | grep ERR` on edge says what it did not understand.";

const listed = (answers: readonly string[]) => answers.map((answer) => `"${answer}"`).join(", ") || "nobody";
const percent = (part: number, whole: number) => `${Math.round((100 * part) / whole)} %`;
const by = (sent: readonly Request[], replica: string) => sent.filter((request) => request.replica === replica).length;

/** A `run` over a run of load.sh, during which the proxy may not have been started anew. */
const onRun = (run: string, look: (sent: Request[]) => Verdict): Check["run"] =>
  onLoad(client, run, async (sent, context) => {
    const started = await proxyStarted(context);
    return started < (sent[0]?.began ?? 0)
      ? look(sent)
      : fail(
          `the proxy on edge was not running all through the run ${run}, or was started anew since`,
          "`docker kill --signal HUP reverse-proxy` takes new routes over while it runs. Do the run again.",
        );
  });

async function proxyStarted(context: CheckContext): Promise<number> {
  const found = await context
    .host("edge")
    .engine<{ State: { Running: boolean; StartedAt: string } }>("/containers/reverse-proxy/json");
  return found.State.Running ? Date.parse(found.State.StartedAt) : Infinity;
}

/** What the proxy answers to so many requests with these arguments of curl, each once. */
async function answers(context: CheckContext, times: number, extra: string): Promise<string[]> {
  const one = `curl -s --max-time 3 ${extra}http://edge/ || echo nobody`;
  const { stdout } = await context.host(client).run(`for i in $(seq ${times}); do ${one}; done | sort -u`);
  return stdout.split("\n").filter((text) => text !== "");
}

const checks: Check[] = [
  {
    id: "versions-up",
    step: 1,
    title: "Blue and green answer, each by itself",
    run: async (context) => {
      for (const name of ["blue", "green"]) {
        const { stdout } = await context.host(client).run(`curl -s --max-time 3 http://${name}:8080/`);
        const said = stdout.trim().slice(0, 40);
        if (said !== name)
          return fail(
            said === ""
              ? `http://${name}:8080/ does not answer`
              : `http://${name}:8080/ answers "${said}", not "${name}"`,
            `Run nginx on ${name} as the container shop, its port 80 published as 8080, with shop.conf and the host's name as its hostname.`,
          );
      }
      return pass("http://blue:8080/ answers blue, http://green:8080/ answers green");
    },
  },
  {
    id: "testers-see-green",
    step: 2,
    title: "Who sends the testers' header gets green, everybody else blue",
    run: async (context) => {
      const testers = await answers(context, 6, "-H 'X-Shop: green' ");
      const others = await answers(context, 6, "");
      if (testers.join() !== "green")
        return fail(`6 requests with the header X-Shop: green were answered by ${listed(testers)}`, routesHint);
      return others.includes("blue")
        ? pass(`6 requests with the header were answered by green, 6 without by ${others.join(" and ")}`)
        : fail(`6 requests without the header were answered by ${listed(others)}`, routesHint);
    },
  },
  {
    id: "canary",
    step: 3,
    title: "Under load about every tenth request went over to green, and none failed",
    run: onRun("canary", (sent) => {
      if (sent.every(({ ok }) => !ok))
        return fail(
          `all ${sent.length} requests of the run canary failed`,
          "Does the load ask edge, and do versions answer?",
        );
      const begin = sent.findIndex(({ replica }) => replica === "green");
      if (begin < 0)
        return fail(
          "green answered no request of the run canary",
          "Give green a weight while it lasts, and send the proxy the signal HUP.",
        );
      if (begin < leastInPhase)
        return fail(
          `green answered already after ${begin} requests`,
          `Begin with all weight on blue, and give green its share when ${leastInPhase} requests have been sent.`,
        );
      const failed = sent.filter(({ ok }) => !ok).length;
      if (failed > 0) return fail(ofAll(failed, sent), "Do both versions answer?");
      const after = sent.slice(begin);
      const share = by(after, "green") / after.length;
      const seen = `from its first one on green answered ${by(after, "green")} of ${after.length} requests`;
      return share >= canaryShare.least && share <= canaryShare.most && after.length >= leastInPhase
        ? pass(`${seen} (${percent(by(after, "green"), after.length)}); none of ${sent.length} failed`)
        : fail(
            seen,
            "Weights of 9 for blue and 1 for green give green a tenth. Let the load run on for a while after.",
          );
    }),
  },
  {
    id: "rolled-back",
    step: 4,
    title: "A broken version got a few requests, and was taken back",
    run: onRun("broken", (sent) => {
      const failed = sent.filter(({ ok }) => !ok);
      const broken = failed.filter(({ status }) => status === "500").length;
      if (broken === 0)
        return fail(
          "no request of the run broken was answered with status 500",
          "Run green with broken.conf, and give it its share while the load runs.",
        );
      if (broken < failed.length)
        return fail(
          `${failed.length - broken} requests of the run broken failed otherwise than with status 500, such as with ` +
            (failed.find(({ status }) => status !== "500")?.status ?? ""),
          "Both versions run all the while: the broken one is put on green before the load begins, and taken back by weights.",
        );
      const last = sent.findLastIndex(({ ok }) => !ok);
      if (sent.length - 1 - last < leastInPhase)
        return fail(
          `only ${sent.length - 1 - last} requests came after the last that failed`,
          `Take green's weight away while the load runs on, for ${leastInPhase} requests at least.`,
        );
      return broken / sent.length <= canaryShare.most
        ? pass(
            `${ofAll(broken, sent)} (${percent(broken, sent.length)}), and none of the last ${sent.length - 1 - last}`,
          )
        : fail(`${ofAll(broken, sent)} (${percent(broken, sent.length)})`, "Give it a tenth, and take it back sooner.");
    }),
  },
  {
    id: "cut-over",
    step: 5,
    title: "Under load everything went over to green and back to blue, and no request failed",
    run: onRun("cutover", (sent) => {
      const failed = sent.filter(({ ok }) => !ok).length;
      if (failed > 0) return fail(ofAll(failed, sent), "Change weights only; both versions stay up.");
      const phases = phasesOf(sent);
      const seen = phases.map(({ replica, requests }) => `${requests} by ${replica}`).join(", then ");
      return phases.map(({ replica }) => replica).join() === "blue,green,blue"
        ? pass(`${sent.length} requests, none of which failed: ${seen}, not counting the moments between`)
        : fail(
            `the run cutover has these phases: ${seen || "none"}`,
            `Blue, then green alone, then blue alone, each for ${leastInPhase} requests and more.`,
          );
    }),
  },
];

/** Requests in a row by the same replica, those of it that are long enough, with neighbours of the same replica as one. */
function phasesOf(sent: readonly Request[]): { replica: string; requests: number }[] {
  const runs: { replica: string; requests: number }[] = [];
  for (const { replica = "nobody" } of sent) {
    const last = runs.at(-1);
    if (last?.replica === replica) last.requests++;
    else runs.push({ replica, requests: 1 });
  }
  const phases: typeof runs = [];
  for (const run of runs.filter(({ requests }) => requests >= leastInPhase)) {
    const last = phases.at(-1);
    if (last?.replica === run.replica) last.requests += run.requests;
    else phases.push({ ...run });
  }
  return phases;
}

export default checks;
