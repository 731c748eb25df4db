import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { decisions, justAsked } from "./audit.ts";
import { judge, list, pull, run, type Wish } from "./verdicts.ts";

const digest = `sha256:${"5".repeat(64)}`;
const hub = (context: CheckContext) => context.host("hub");
const node = (context: CheckContext) => context.host("node");

const wordsOf = ({ words }: Wish) => words.replace(digest, "sha256:555...");

/** A check's `run`: the policies allow these and refuse those. */
const policiesSay =
  (allowed: Wish[], refused: Wish[], hint: string): Check["run"] =>
  async (context): Promise<Verdict> => {
    const answers = await judge(hub(context), [...allowed, ...refused]);
    if (typeof answers === "string") {
      const isDown = /No such container|is not running|is restarting/.test(answers);
      return fail(`the policies cannot be asked: ${answers}`, isDown ? serverHint : hint);
    }
    const stopped = allowed.filter((_, index) => !answers[index]).map(wordsOf);
    if (stopped.length > 0) return fail(`refused, and should not be: ${stopped.join(", ")}`, hint);
    const letThrough = refused.filter((_, index) => answers[allowed.length + index]).map(wordsOf);
    return letThrough.length === 0
      ? pass(`allowed: ${allowed.map(wordsOf).join(", ")}; refused: ${refused.map(wordsOf).join(", ")}`)
      : fail(`allowed, and should not be: ${letThrough.join(", ")}`, hint);
  };

const pinned = [pull(`hub:5000/shop@${digest}`), run(`hub:5000/shop@${digest}`)];
const serverHint =
  "`docker start policy` on hub; if it does not run then, `docker logs policy` says why: with a mistake in /root/policy it does not start.";

const checks: Check[] = [
  {
    id: "engine-asks",
    step: 1,
    title: "Node's engine asks the policy server before it acts",
    run: async (context) => {
      const asked = await justAsked(hub(context), node(context));
      return asked
        ? pass(`its question "${asked.result.action}" of ${asked.time} was answered`)
        : fail(
            "node's engine did something just now, and did not ask",
            '"authorization-plugins": ["policy"] in /etc/docker/daemon.json, and `service docker restart`.',
          );
    },
  },
  {
    id: "audit-without-secrets",
    step: 2,
    title: "The audit log says which containers were made, and not what was secret about them",
    run: async (context) => {
      const made = (await decisions(hub(context), '"POST /containers/create"')).at(-1);
      if (!made)
        return fail(
          "the audit log has no container that was made",
          "Run one on node, with a password in its environment.",
        );
      const { image } = made.result;
      return made.input.RequestBody === undefined && made.erased?.includes("/input/RequestBody")
        ? pass(`the last container made, of ${image}, is there without what the request carried`)
        : fail(
            `the last container made, of ${image}, is there with all that the request carried`,
            'A policy of the package system.log with "/input/RequestBody" in `mask`; then run another container.',
          );
    },
  },
  {
    id: "registry-only",
    step: 3,
    title: "Only images of hub:5000 are fetched and run",
    run: policiesSay(
      [...pinned, list],
      [
        pull("nginx:latest"),
        pull("nginx"),
        run("nginx"),
        run("nginx", { key: "image" }),
        run("nginx", { path: "/containers/creat%65" }),
        run(`docker.io/library/nginx@${digest}`),
        run(`hub:5000.example.org/shop@${digest}`),
        run(digest),
      ],
      'Where `engine.image` is not "", refuse what does not begin with hub:5000/, the slash included.',
    ),
  },
  {
    id: "digest-only",
    step: 4,
    title: "Only what is pinned by its digest is fetched and run",
    run: policiesSay(
      [...pinned, run(`hub:5000/shop:1.0@${digest}`), list],
      [
        pull("hub:5000/shop:1.0"),
        pull("hub:5000/shop"),
        run("hub:5000/shop:1.0"),
        run("hub:5000/shop"),
        run("hub:5000/shop@sha256:abc"),
      ],
      'Where `engine.image` is not "", refuse what does not end with @sha256: and 64 digits of 0-9a-f: regex.match with a $ at its end.',
    ),
  },
  {
    id: "shop-pinned",
    step: 4,
    title: "The shop runs on node, by its digest",
    run: async (context) => {
      const found = await node(context)
        .engine<{ Config: { Image: string }; State: { Status: string } }>("/containers/shop/json")
        .catch((error: unknown) => error as Error);
      if (found instanceof Error)
        return fail(`node's engine on its container shop: ${found.message}`, "`docker run` it by name@sha256:...");
      const { Config, State } = found;
      return State.Status === "running" && /^hub:5000\/shop(:[^@]+)?@sha256:[0-9a-f]{64}$/.test(Config.Image)
        ? pass(`shop runs from ${Config.Image}`)
        : fail(`shop is ${State.Status}, from ${Config.Image}`, "It should run from hub:5000/shop@sha256:...");
    },
  },
  {
    id: "refused",
    step: 4,
    title: "Somebody tried without a digest, and was refused",
    run: async (context) => {
      const refused = (await decisions(hub(context), '"Allow":false')).filter(({ result }) =>
        /^hub:5000\/shop(:[^@]+)?$/.test(result.image),
      );
      const last = refused.at(-1);
      return last
        ? pass(`${last.time}: ${last.result.action} of ${last.result.image} was refused: ${last.result.Msg}`)
        : fail("the audit log has no refusal of hub:5000/shop by a tag", "Try to run hub:5000/shop:1.0 on node.");
    },
  },
  {
    id: "fails-closed",
    step: 5,
    title: "Without its policy server node's engine refused everything, and both are back",
    run: async (context) => {
      const refusals = await node(context).engineLog(/plugin policy failed with error/);
      if (refusals.length === 0)
        return fail(
          "node's engine has never missed its policy server",
          "Stop the container policy on hub, and try a command on node.",
        );
      const { State } = await hub(context).engine<{ State: { Status: string } }>("/containers/policy/json");
      if (State.Status !== "running") return fail(`policy is ${State.Status} on hub`, serverHint);
      return (await justAsked(hub(context), node(context)))
        ? pass(
            `node's engine refused ${refusals.length} times for want of an answer; now it asks again, and is answered`,
          )
        : fail("node's engine asks nobody any more", "Put the plugin back into daemon.json, and send HUP.");
    },
  },
];

export default checks;
