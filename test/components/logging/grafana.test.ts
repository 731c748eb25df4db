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
