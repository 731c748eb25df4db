import { expect, test } from "vitest";
import { parse } from "yaml";
import { grafanaFiles } from "../../../components/grafana/grafanaFiles.ts";
import { dashboard } from "./dashboardQueries.ts";

const files = grafanaFiles("10.0.0.11", {
  uid: "loki",
  url: "http://10.0.0.11:3100",
  dashboard: JSON.stringify(dashboard),
});
const yaml = (name: string) => parse(files[`/etc/grafana/provisioning/${name}.yaml`] ?? "") as unknown;

test("the data source is the stack's Loki, and what the dashboard asks", () => {
  const { datasources } = yaml("datasources/loki") as { datasources: { uid: string; url: string }[] };
  expect(datasources).toMatchObject([{ url: "http://10.0.0.11:3100" }]);
  const asked = [...dashboard.panels, ...dashboard.templating.list].map(({ datasource }) => datasource.uid);
  expect(new Set(asked)).toEqual(new Set(datasources.map(({ uid }) => uid)));
});

test("the dashboard is where Grafana is told to look", () => {
  const { providers } = yaml("dashboards/lab") as { providers: { options: { path: string } }[] };
  expect(Object.keys(files)).toContain(`${providers[0]?.options.path}/loki.json`);
});

test("queries use variables that there are, and labels that the index has", () => {
  const variables = new Map(dashboard.templating.list.map(({ name, query }) => [name, query.label]));
  for (const { targets } of dashboard.panels) {
    for (const { expr } of targets) {
      for (const [, label = "", name = ""] of expr.matchAll(/(\w+)=~"\$(\w+)"/g))
        expect(variables.get(name)).toBe(label);
    }
  }
  for (const label of variables.values()) expect(["host", "service", "driver"]).toContain(label);
});

test("it listens on the lab network alone", () => {
  expect(files["/etc/grafana/grafana.ini"]).toMatch(/^http_addr = 10\.0\.0\.11$/m);
});

test("a trace id in a line leads to the trace, where there are traces", () => {
  const linked = grafanaFiles("10.0.0.11", {
    uid: "loki",
    url: "http://10.0.0.11:3100",
    dashboard: "{}",
    jaeger: "http://10.0.0.11:16686",
  });
  const { datasources } = parse(linked["/etc/grafana/provisioning/datasources/loki.yaml"] ?? "") as {
    datasources: { uid: string; url: string; jsonData?: { derivedFields: [Record<string, string>] } }[];
  };
  const [field] = datasources[0]?.jsonData?.derivedFields ?? [];
  expect(datasources.map(({ uid, url }) => [uid, url])).toContainEqual([
    field?.datasourceUid,
    "http://10.0.0.11:16686",
  ]);
  const pattern = new RegExp(field?.matcherRegex ?? "");
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  for (const line of [`trace_id=${id} slow`, `{"traceId":"${id}"}`, `{"trace_id": "${id}"}`, `TraceID: ${id}`])
    expect(pattern.exec(line)?.[1], line).toBe(id);
  for (const line of [`span_id=${id}`, "trace_id=4bf92f35", `trace_id=${id}00`])
    expect(pattern.exec(line), line).toBeNull();
  expect(yaml("datasources/loki")).not.toHaveProperty("datasources.0.jsonData");
});
