import { stringify } from "yaml";

export const grafanaPort = 3000;

/** What a Grafana shows: a store that answers its queries, and a dashboard of them. */
export interface GrafanaSource {
  /** By which dashboards name it. */
  uid: "loki" | "prometheus";
  url: string;
  /** Content of the dashboard's JSON file. */
  dashboard: string;
}

const dashboards = "/var/lib/grafana/dashboards";

/** The files of a Grafana, by path in its container. Who reaches it may look at all, and change nothing. */
export function grafanaFiles(address: string, { uid, url, dashboard }: GrafanaSource): Record<string, string> {
  const name = uid.replace(/^./, (letter) => letter.toUpperCase());
  return {
    "/etc/grafana/grafana.ini": [
      "[server]",
      `http_addr = ${address}`,
      `http_port = ${grafanaPort}`,
      "[auth.anonymous]",
      "enabled = true",
      "org_role = Viewer",
      "[analytics]",
      "reporting_enabled = false",
      "check_for_updates = false",
      "",
    ].join("\n"),
    [`/etc/grafana/provisioning/datasources/${uid}.yaml`]: stringify({
      apiVersion: 1,
      datasources: [{ name, uid, type: uid, access: "proxy", url, isDefault: true }],
    }),
    "/etc/grafana/provisioning/dashboards/lab.yaml": stringify({
      apiVersion: 1,
      providers: [{ name: "lab", type: "file", options: { path: dashboards } }],
    }),
    [`${dashboards}/${uid}.json`]: dashboard,
  };
}
