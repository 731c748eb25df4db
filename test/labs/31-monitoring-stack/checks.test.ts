import { it } from "vitest";
import type { Changes } from "../replay.ts";
import { edit, expectFail, say } from "../verdicts.ts";

const slug = "monitoring-stack";

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

/** Changes what Prometheus answers to the queries that match. */
const prometheus = (query: RegExp, change: (found: Sample[]) => Sample[]): Changes => ({
  run: (command, result) => {
    if (!command.includes("api/v1/query") || !query.test(command) || !result) return result;
    const { data } = JSON.parse(result.stdout) as { data: { result: Sample[] } };
    return { ...result, stdout: JSON.stringify({ data: { result: change(data.result) } }) };
  },
});
const nothing = (query: RegExp) => prometheus(query, () => []);

interface Rule {
  name: string;
  query: string;
  health: string;
  duration?: number;
}

/** Changes the alert that the learner wrote; undefined removes it. */
const shopAlert = (change: (rule: Rule) => Rule | undefined): Changes => ({
  run: (command, result) => {
    if (!command.includes("api/v1/rules") || !result) return result;
    const answer = JSON.parse(result.stdout) as { data: { groups: { rules: Rule[] }[] } };
    for (const group of answer.data.groups)
      group.rules = group.rules.flatMap((rule) => (rule.name === "ShopWebMissing" ? (change(rule) ?? []) : rule));
    return { ...result, stdout: JSON.stringify(answer) };
  },
});

/** Changes each line of the receiver's log. */
const receiver = (change: (line: string) => string): Changes => ({
  run: (command, result) =>
    command.includes("alert-receiver") && result
      ? { ...result, stdout: result.stdout.split("\n").map(change).join("\n") }
      : result,
});

/** Gives cAdvisor's container other times. */
const cadvisor = (times: { StartedAt: string; FinishedAt: string }): Changes => ({
  engine: (path, answer) =>
    path === "/containers/cadvisor/json" && answer !== undefined ? { State: { Running: true, ...times } } : answer,
});
const dashboard = (from: string, to: string): Changes => ({
  run: (command, result) =>
    command.includes("dashboard.json") && result
      ? { ...result, stdout: result.stdout.replaceAll(from, to) }
      : command.includes("up{nobody}")
        ? { code: 0, stdout: '{"data":{"result":[]}}', stderr: "" }
        : result,
});

it.each<[string, RegExp, Changes]>([
  ["containers-of-every-host", /there is no service shop_web/, edit("/services", () => [])],
  ["containers-of-every-host", /no container of shop_web on manager-1, worker-1, worker-2/, nothing(/shop_web/)],
  [
    "containers-of-every-host",
    /no container of shop_web on worker-2$/,
    prometheus(/shop_web/, (found) => found.filter(({ metric }) => metric.host !== "worker-2")),
  ],
  ["busy-host-found", /no replica of shop_crunch stands out yet/, nothing(/shop_crunch/)],
  [
    "busy-host-found",
    /no replica of shop_crunch stands out yet/,
    prometheus(/shop_crunch/, (found) => found.map(({ metric, value: [at] }) => ({ metric, value: [at, "0.2"] }))),
  ],
  ["busy-host-found", /answer on manager-1 is empty/, say(/answer/, { code: 1 })],
  ["busy-host-found", /says mars, which is not the host/, say(/answer/, { stdout: "mars\n" })],
  ["dashboard-answers", /dashboard.json is not there/, say(/cat .*dashboard/, { code: 1 })],
  ["dashboard-answers", /dashboard.json is no dashboard/, say(/cat .*dashboard/, { stdout: "panels" })],
  ["dashboard-answers", /has no panel "Memory/, dashboard("Memory by service", "Something")],
  ["dashboard-answers", /asks up\{nobody\} and shows no host manager-1/, dashboard("sum by (host) (up)", "up{nobody}")],
  ["own-alert-loaded", /no alert ShopWebMissing, only HostGone, TargetGone/, shopAlert(() => undefined)],
  ["own-alert-loaded", /ShopWebMissing fails/, shopAlert((rule) => ({ ...rule, health: "err" }))],
  ["own-alert-loaded", /says nothing of shop_web/, shopAlert((rule) => ({ ...rule, query: "up == 0" }))],
  ["own-alert-loaded", /ShopWebMissing fires at once/, shopAlert((rule) => ({ ...rule, duration: 0 }))],
  ["own-alert-fired-and-cleared", /told of no ShopWebMissing/, receiver(() => "")],
  [
    "own-alert-fired-and-cleared",
    /ShopWebMissing fired, and has not cleared/,
    receiver((line) => line.replaceAll("resolved", "firing")),
  ],
  [
    "own-alert-fired-and-cleared",
    /ShopWebMissing fired, and has not cleared/,
    prometheus(/ALERTS/, () => [{ metric: {}, value: [0, "1"] }]),
  ],
  [
    "lost-exporter-noticed",
    /cadvisor on worker-1 has not been stopped/,
    cadvisor({ StartedAt: "2026-01-01T00:00:00Z", FinishedAt: "0001-01-01T00:00:00Z" }),
  ],
  ["lost-exporter-noticed", /told of no TargetGone/, receiver((line) => line.replaceAll("worker-1", "worker-2"))],
  [
    "lost-exporter-noticed",
    /told of no TargetGone/,
    cadvisor({ StartedAt: "2099-01-01T00:00:02Z", FinishedAt: "2099-01-01T00:00:00Z" }),
  ],
])("%s fails with %s", (id, evidence, changes) => expectFail(slug, id, evidence, changes));

it("fails when Prometheus does not answer", () =>
  expectFail(
    slug,
    "containers-of-every-host",
    /Prometheus at .* does not answer: refused/,
    say(/curl/, { code: 7, stderr: "refused" }),
  ));
