import { expect, test } from "vitest";
import { parse } from "yaml";
import { MonitoringStack } from "../../../components/monitoring/monitoringStack.ts";
import { rulesPath } from "../../../components/monitoring/prometheusConfig.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf, type Declared } from "../declare.ts";
import { dashboard, queries } from "./dashboardQueries.ts";

const plan = planOf("dev", ["a", "b"]);
const anyAddress = /10\.0\.0\.11|127\.0\.0\.1/;

const declareStack = (retentionHours?: number) =>
  declare(() => {
    const [a, b] = [anyHost("a"), anyHost("b")];
    return new MonitoringStack("metrics", { plan, hosts: [a, b], store: a, retentionHours });
  });

interface Service {
  host: string;
  name: string;
  command: string[];
  files: Record<string, string>;
  volumes: Record<string, string>;
}
const services = (declared: Declared[]) =>
  declared.filter(({ type }) => type === "drydock:index:HostService").map(({ inputs }) => inputs as unknown as Service);

async function service(name: string, retentionHours?: number): Promise<Service> {
  const found = services((await declareStack(retentionHours)).declared).find((one) => one.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

test("the store has what keeps and alarms, every host its exporters, under names of their own", async () => {
  const { declared } = await declareStack();
  const found = services(declared).map(({ host, name }) => `${name} on ${host}`);
  expect(found.sort()).toEqual([
    "alert-receiver on a",
    "alertmanager on a",
    "cadvisor on a",
    "cadvisor on b",
    "engine-metrics on a",
    "engine-metrics on b",
    "grafana on a",
    "node-exporter on a",
    "node-exporter on b",
    "prometheus on a",
  ]);
  const urns = declared.map(({ urn }) => urn);
  expect(urns).toEqual([...new Set(urns)]);
});

test("Prometheus asks the engine, the host and the containers of every host, and itself and its Alertmanager", async () => {
  const { files } = await service("prometheus");
  const { scrape_configs: jobs } = parse(files["/etc/prometheus/prometheus.yml"] ?? "") as {
    scrape_configs: { job_name: string; static_configs: { targets: string[]; labels: { host: string } }[] }[];
  };
  const hosts = Object.fromEntries(
    jobs.map(({ job_name, static_configs }) => [job_name, static_configs.map(({ labels }) => labels.host)]),
  );
  expect(hosts).toEqual({
    engine: ["a", "b"],
    node: ["a", "b"],
    containers: ["a", "b"],
    prometheus: ["a"],
    alertmanager: ["a"],
  });
});

test("it begins when its targets are there, so that it raises no alarm of them", async () => {
  const { declared } = await declareStack();
  const prometheus = declared.find(({ name }) => name === "metrics-prometheus");
  const exporters = declared.filter(({ name }) => /-exporters-[ab]-/.test(name)).map(({ urn }) => urn);
  expect(prometheus?.dependsOn).toEqual(expect.arrayContaining(exporters));
});

test("all goes with its host", async () => {
  const { declared } = await declareStack();
  for (const { deletedWith } of declared.filter(({ type }) => type === "drydock:index:HostService"))
    expect(deletedWith).toMatch(/Machine::[ab]$/);
});

test("nothing listens on other networks than loopback and the lab's", async () => {
  const { declared } = await declareStack();
  const found = services(declared).flatMap(({ command }) =>
    command.filter((word) => /listen|^\d.*:\d+$/.test(word) && word !== "--cluster.listen-address="),
  );
  const engines = services(declared).flatMap(
    ({ files }) => files["/etc/nginx/conf.d/default.conf"]?.match(/(?<=listen ).*(?=;)/g) ?? [],
  );
  found.push(...engines);
  expect(found).toHaveLength(9);
  for (const word of found) expect(word).toMatch(anyAddress);
});

test("metrics outlive their container, and are kept for three days or as long as was asked", async () => {
  expect((await service("prometheus")).volumes.prometheus).toBe("/prometheus");
  expect((await service("prometheus")).command).toContain("--storage.tsdb.retention.time=72h");
  expect((await service("prometheus", 6)).command).toContain("--storage.tsdb.retention.time=6h");
  await expect(declareStack(0)).rejects.toThrow("retentionHours is 0; allowed are whole hours from 1");
});

test("the receiver listens where Alertmanager tells of alerts", async () => {
  const { files } = await service("alertmanager");
  const { receivers } = parse(files["/etc/alertmanager/alertmanager.yml"] ?? "") as {
    receivers: { webhook_configs: { url: string }[] }[];
  };
  const url = new URL(receivers[0]?.webhook_configs[0]?.url ?? "");
  const receiver = await service("alert-receiver");
  expect(receiver.command).toContain(url.host);
  expect(Object.keys(receiver.files)).toContain(`/www${url.pathname}`);
});

test("the dashboard asks its Prometheus, by variables that there are and names that rules record", async () => {
  const asked = [...dashboard.panels, ...dashboard.templating.list].map(({ datasource }) => datasource.uid);
  expect(new Set(asked)).toEqual(new Set(["prometheus"]));
  const { files } = await service("prometheus");
  const recorded = [...(files[rulesPath] ?? "").matchAll(/record: (\S+)/g)].map(([, name]) => name);
  for (const [, query] of queries) {
    for (const [name] of query.matchAll(/[a-z_]+(:[a-z_0-9]+)+/g)) expect(recorded).toContain(name);
    expect(query).not.toContain("$");
  }
});

test("the outputs say where each part is, and how to see that it works", async () => {
  const { returned } = await declareStack();
  const outputs = await Promise.all(returned.outputs.map(valueOf));
  for (const output of outputs) expect(componentOutput.parse(output)).toEqual(output);
  expect(outputs.filter(({ page }) => page !== undefined).map(({ name }) => name)).toEqual([
    "prometheus",
    "alertmanager",
    "grafana",
  ]);
});
