import { z } from "zod";
import { fail, pass, type Check, type CheckContext, type Verdict } from "../check.ts";
import { prometheusRules, samples, type Sample } from "../prometheus.ts";
import { onService } from "../swarmChecks.ts";
import { received, type Alert } from "./alerts.ts";

const prometheus = "http://manager-1:9090";
const manager = (context: CheckContext) => context.host("manager-1");
const ask = (context: CheckContext, query: string) => samples(manager(context), prometheus, query);
const valuesOf = (found: readonly Sample[], label: string) => [
  ...new Set(found.flatMap(({ labels }) => labels[label] ?? [])),
];

/** The alert that the learner writes. */
const shopAlert = "ShopWebMissing";

const checks: Check[] = [
  {
    id: "containers-of-every-host",
    step: 1,
    title: "Prometheus has the containers of shop_web on every host",
    run: onService("shop_web", async (_service, _manager, context) => {
      const hosts = valuesOf(await ask(context, 'container_memory_working_set_bytes{service="shop_web"}'), "host");
      const missing = context.hosts.map(({ name }) => name).filter((name) => !hosts.includes(name));
      return missing.length === 0
        ? pass(`shop_web's memory is measured on ${hosts.sort().join(", ")}`)
        : fail(
            `Prometheus has no container of shop_web on ${missing.join(", ")}`,
            "Three replicas run, one a host? It takes 10 seconds until a new container is measured.",
          );
    }),
  },
  {
    id: "busy-host-found",
    step: 1,
    title: "The host whose shop_crunch is caught in a loop is named",
    run: onService("shop_crunch", async (_service, _manager, context) => {
      const used = await ask(context, 'host_service:container_cpu_usage_seconds:rate1m{service="shop_crunch"}');
      const [most, next] = used.sort((a, b) => b.value - a.value);
      if (!most?.labels.host || most.value < 0.05 || (next && next.value > most.value / 2))
        return fail("no replica of shop_crunch stands out yet", "Give it a minute: the rate is over one.");
      const { stdout } = await manager(context).run("cat /root/answer");
      const answer = stdout.trim();
      if (answer === "") return fail("/root/answer on manager-1 is empty", "Write the host's name there.");
      return answer === most.labels.host
        ? pass(`shop_crunch uses ${most.value.toFixed(2)} of a processor on ${answer}, and elsewhere next to nothing`)
        : fail(`/root/answer says ${answer}, which is not the host`, "Ask for the rate by host, the highest first.");
    }),
  },
  {
    id: "dashboard-answers",
    step: 2,
    title: "Every panel of the dashboard answers",
    run: dashboardAnswers,
  },
  {
    id: "own-alert-loaded",
    step: 3,
    title: `Prometheus has an alert ${shopAlert}, which waits before it fires`,
    run: async (context) => {
      const rules = await prometheusRules(manager(context), prometheus);
      const rule = rules.find(({ type, name }) => type === "alerting" && name === shopAlert);
      if (!rule) {
        const others = rules.filter(({ type }) => type === "alerting").map(({ name }) => name);
        return fail(
          `Prometheus has no alert ${shopAlert}, only ${others.join(", ")}`,
          "Write it into a .yml file in /etc/prometheus/rules.d, and let Prometheus read its rules again.",
        );
      }
      if (rule.health === "err") return fail(`${shopAlert} fails: ${rule.lastError}`, "Try its expression by ask.sh.");
      if (!rule.query.includes("shop_web"))
        return fail(`${shopAlert} asks ${rule.query}, which says nothing of shop_web`, "Count shop_web's containers.");
      return (rule.duration ?? 0) > 0
        ? pass(`${shopAlert}: ${rule.query}, for ${rule.duration} s`)
        : fail(`${shopAlert} fires at once`, "A `for:` keeps one missed scrape from waking people.");
    },
  },
  {
    id: "own-alert-fired-and-cleared",
    step: 3,
    title: `${shopAlert} fired when a replica was missing, and cleared`,
    run: async (context) => {
      const alerts = await received(manager(context), shopAlert);
      return firedAndCleared(shopAlert, alerts, await firing(context, shopAlert), "Scale shop_web to 2, and wait.");
    },
  },
  {
    id: "lost-exporter-noticed",
    step: 4,
    title: "TargetGone fired for worker-1's containers, and cleared",
    run: async (context) => {
      const { State: state } = await context.host("worker-1").engine<ContainerTimes>("/containers/cadvisor/json");
      // One that was never stopped has an end in the year 1.
      const [ended, started] = [Date.parse(state.FinishedAt), Date.parse(state.StartedAt)];
      const ofWorker = ({ host, job }: Record<string, string>) => host === "worker-1" && job === "containers";
      const alerts = (await received(manager(context), "TargetGone")).filter(({ labels, startsAt }) => {
        const begun = Date.parse(startsAt);
        return ofWorker(labels) && ended < begun && (begun < started || !state.Running);
      });
      const still = (await firing(context, "TargetGone")).filter(({ labels }) => ofWorker(labels));
      return ended > 0
        ? firedAndCleared("TargetGone", alerts, still, "Give it half a minute before it runs again.")
        : fail("cadvisor on worker-1 has not been stopped", "`docker stop cadvisor` on worker-1.");
    },
  },
];

interface ContainerTimes {
  /** Times as RFC 3339. */
  State: { Running: boolean; StartedAt: string; FinishedAt: string };
}

const dashboardFile = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

/** Panels by the start of their titles, and what has to be in their answer. */
const panels: Record<string, { label: string; values: string[] }> = {
  "Targets that answer": { label: "host", values: ["manager-1", "worker-1", "worker-2"] },
  "Processor time": { label: "service", values: ["shop_crunch", "shop_web"] },
  Memory: { label: "service", values: ["shop_crunch", "shop_web"] },
};

async function dashboardAnswers(context: CheckContext): Promise<Verdict> {
  const { code, stdout } = await manager(context).run("cat /root/dashboard.json");
  if (code !== 0) return fail("/root/dashboard.json is not there", "Copy /root/lab/dashboard.json there, and mend it.");
  const dashboard = parsed(stdout);
  if (!dashboard) return fail("/root/dashboard.json is no dashboard", "It is JSON, with panels that have targets.");
  for (const [title, { label, values }] of Object.entries(panels)) {
    const panel = dashboard.panels.find((candidate) => candidate.title.startsWith(title));
    if (!panel) return fail(`the dashboard has no panel "${title} ..."`, "Mend the panels that it came with.");
    for (const { expr } of panel.targets) {
      const shown = valuesOf(await ask(context, expr), label);
      const missing = values.filter((value) => !shown.includes(value));
      if (missing.length > 0)
        return fail(
          `"${panel.title}" asks ${expr} and shows no ${label} ${missing.join(", ")}`,
          "Try the query by ask.sh, part by part: the metric's name first, then its labels.",
        );
    }
  }
  return pass("all panels show every host, or every service of the shop");
}

function parsed(text: string): z.infer<typeof dashboardFile> | undefined {
  try {
    return dashboardFile.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const firing = (context: CheckContext, alertname: string) =>
  ask(context, `ALERTS{alertname="${alertname}", alertstate="firing"}`);

function firedAndCleared(name: string, alerts: Alert[], still: readonly Sample[], hint: string): Verdict {
  if (alerts.length === 0) return fail(`the receiver was told of no ${name}`, hint);
  const cleared = alerts.find(({ status }) => status === "resolved");
  if (still.length > 0 || !cleared) return fail(`${name} fired, and has not cleared`, "Put right what it tells of.");
  const seconds = Math.round((Date.parse(cleared.endsAt) - Date.parse(cleared.startsAt)) / 1_000);
  return pass(`the receiver was told that ${name} fired, and that it cleared after ${seconds} s`);
}

export default checks;
