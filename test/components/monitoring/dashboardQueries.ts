import { readFileSync } from "node:fs";

interface Dashboard {
  templating: { list: { name: string; datasource: { uid: string } }[] };
  panels: { title: string; datasource: { uid: string }; targets: { expr: string }[] }[];
}

/** The dashboard of the monitoring stack. */
export const dashboard = JSON.parse(
  readFileSync(new URL("../../../components/monitoring/grafana/hosts.json", import.meta.url), "utf8"),
) as Dashboard;

/** Its queries, with every variable at "all". */
export const queries = dashboard.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }): [string, string] => [title, expr.replace(/\$\w+/g, ".+")]),
);
