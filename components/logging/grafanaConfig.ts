import { readFileSync } from "node:fs";
import { stringify } from "yaml";

export const grafanaPort = 3000;

const dashboards = "/var/lib/grafana/dashboards";

/** The files of a Grafana that shows a Loki: by path in its container. Who reaches it may look at all, and change nothing. */
export function grafanaFiles(address: string, lokiUrl: string): Record<string, string> {
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
    "/etc/grafana/provisioning/datasources/loki.yaml": stringify({
      apiVersion: 1,
      datasources: [{ name: "Loki", uid: "loki", type: "loki", access: "proxy", url: lokiUrl, isDefault: true }],
    }),
    "/etc/grafana/provisioning/dashboards/lab.yaml": stringify({
      apiVersion: 1,
      providers: [{ name: "lab", type: "file", options: { path: dashboards } }],
    }),
    [`${dashboards}/logs.json`]: readFileSync(new URL("grafana/logs.json", import.meta.url), "utf8"),
  };
}
