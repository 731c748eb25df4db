import { stringify } from "yaml";

export const grafanaPort = 3000;

/** What a Grafana shows: a store that answers its queries, and a dashboard of them. */
export interface GrafanaSource {
  /** By which dashboards name it. */
  uid: "loki" | "prometheus";
  url: string;
  /** Content of the dashboard's JSON file. */
  dashboard: string;
  /** Jaeger's address, whose traces lines of a log lead to. */
  jaeger?: string;
}

/** A trace id in a line of a log, as OpenTelemetry and W3C write it: 32 hexadecimal digits. */
const traceId = "\\b[Tt]race_?[Ii][Dd]\\W{1,4}([0-9a-fA-F]{32})\\b";

const dashboards = "/var/lib/grafana/dashboards";

/** The files of a Grafana, by path in its container. Who reaches it may look at all, and change nothing. */
export function grafanaFiles(address: string, source: GrafanaSource): Record<string, string> {
  const { uid, url, dashboard, jaeger } = source;
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
      datasources: [
        { name, uid, type: uid, access: "proxy", url, isDefault: true, ...(jaeger ? { jsonData: traceLinks } : {}) },
        ...(jaeger ? [{ name: "Jaeger", uid: "jaeger", type: "jaeger", access: "proxy", url: jaeger }] : []),
      ],
    }),
    "/etc/grafana/provisioning/dashboards/lab.yaml": stringify({
      apiVersion: 1,
      providers: [{ name: "lab", type: "file", options: { path: dashboards } }],
    }),
    [`${dashboards}/${uid}.json`]: dashboard,
  };
}

/** Makes of a trace id in a line a link to the trace; a file's $ is doubled, as Grafana reads variables from there. */
const traceLinks = {
  derivedFields: [
    {
      name: "trace",
      matcherType: "regex",
      matcherRegex: traceId,
      url: "$${__value.raw}",
      datasourceUid: "jaeger",
    },
  ],
};
