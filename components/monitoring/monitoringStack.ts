import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import { Grafana } from "../grafana/grafana.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import { alertmanagerConfig, receiverCommand, receiverFiles, receiverPort } from "./alertConfig.ts";
import { HostExporters } from "./hostExporters.ts";
import {
  alertmanagerPort,
  dataFolder,
  ownRulesFolder,
  prometheusConfig,
  prometheusPort,
  rulesPath,
} from "./prometheusConfig.ts";

export interface MonitoringStackArgs {
  plan: Plan;
  /** Whose metrics are scraped: their engines', the hosts' and their containers'. */
  hosts: LabHost[];
  /** The host that keeps them; it may be one of them. */
  store: LabHost;
  /** How long they are kept, in hours; 72 by default, at least 1. */
  retentionHours?: number;
}

const deadlineSec = 90;
const file = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

/**
 * The metrics of several hosts in one place: Prometheus, an Alertmanager and a receiver of alerts on one of them, and on
 * each the exporters that Prometheus scrapes. Grafana shows them where its image can be had.
 *
 * Prometheus is the container `prometheus`, its data the volume `prometheus`; it reads rules of its host's folder
 * /etc/prometheus/rules.d, too, on SIGHUP. The receiver, `alert-receiver`, logs each alert that fires or clears.
 */
export class MonitoringStack extends pulumi.ComponentResource {
  /** Where Prometheus answers, such as "http://10.216.192.11:9090". */
  readonly url: string;
  readonly outputs: pulumi.Output<ComponentOutput>[];

  constructor(name: string, args: MonitoringStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, hosts, store, retentionHours = 72 } = args;
    if (!Number.isInteger(retentionHours) || retentionHours < 1)
      throw new Error(`MonitoringStack ${name}: retentionHours is ${retentionHours}; allowed are whole hours from 1`);
    super("drydock:index:MonitoringStack", name, {}, opts);
    this.url = `http://${store.address}:${prometheusPort}`;
    const alertsUrl = `http://${store.address}:${alertmanagerPort}`;
    const child = { parent: this, deletedWith: store.goesWith };
    const common = {
      ...placeOf(plan, store),
      // Their configuration is root's.
      user: "0:0",
      deadlineSec,
    };

    const exporters = hosts.map(
      (host) => new HostExporters(`${name}-exporters-${host.name}`, { plan, host }, { parent: this }),
    );
    const prometheusReady = `curl -fsS --max-time 2 -o /dev/null ${this.url}/-/ready 2>&1`;
    new HostService(
      `${name}-prometheus`,
      {
        ...common,
        name: "prometheus",
        image: serviceImage("prometheus").names[0],
        command: [
          "--config.file=/etc/prometheus/prometheus.yml",
          `--storage.tsdb.path=${dataFolder}`,
          `--storage.tsdb.retention.time=${retentionHours}h`,
          `--web.listen-address=${store.address}:${prometheusPort}`,
        ],
        memoryMib: 384,
        files: { "/etc/prometheus/prometheus.yml": prometheusConfig({ store, hosts }), [rulesPath]: file("rules.yml") },
        volumes: { prometheus: dataFolder, [ownRulesFolder]: `${ownRulesFolder}:ro` },
        probe: prometheusReady,
      },
      // Else it would raise an alarm of exporters that are not there yet.
      { ...child, dependsOn: exporters },
    );
    const alertmanagerReady = `curl -fsS --max-time 2 -o /dev/null ${alertsUrl}/-/ready 2>&1`;
    new HostService(
      `${name}-alertmanager`,
      {
        ...common,
        name: "alertmanager",
        image: serviceImage("alertmanager").names[0],
        command: [
          "--config.file=/etc/alertmanager/alertmanager.yml",
          "--storage.path=/alertmanager",
          `--web.listen-address=${store.address}:${alertmanagerPort}`,
          "--cluster.listen-address=",
        ],
        memoryMib: 128,
        files: { "/etc/alertmanager/alertmanager.yml": alertmanagerConfig() },
        volumes: { alertmanager: "/alertmanager" },
        probe: alertmanagerReady,
      },
      child,
    );
    const receiverReady = `curl -sS --max-time 2 -o /dev/null http://127.0.0.1:${receiverPort}/ 2>&1`;
    new HostService(
      `${name}-receiver`,
      {
        ...common,
        name: "alert-receiver",
        image: serviceImage("busybox").names[0],
        command: receiverCommand,
        memoryMib: 32,
        files: receiverFiles,
        volumes: {},
        probe: receiverReady,
      },
      child,
    );
    const grafana = new Grafana(
      `${name}-grafana`,
      { plan, host: store, source: { uid: "prometheus", url: this.url, dashboard: file("grafana/hosts.json") } },
      { parent: this },
    );

    const shown = (output: Omit<ComponentOutput, "host">) => pulumi.output({ ...output, host: store.name });
    this.outputs = [
      shown({
        name: "prometheus",
        kind: "metrics store",
        address: this.url,
        page: this.url,
        probe: `${prometheusReady} || exit 1\n${allScraped(this.url)}`,
      }),
      shown({
        name: "alertmanager",
        kind: "alerts",
        address: alertsUrl,
        page: alertsUrl,
        probe: alertmanagerReady,
      }),
      shown({
        name: "alert-receiver",
        kind: "receiver of alerts",
        address: `http://127.0.0.1:${receiverPort}`,
        probe: receiverReady,
      }),
      grafana.output,
      ...exporters.flatMap(({ outputs }) => outputs),
    ];
    this.registerOutputs({ url: this.url });
  }
}

/** A command that fails when targets do not answer, and names them. */
const allScraped = (url: string) =>
  `
found=$(curl -fsSG --max-time 5 ${url}/api/v1/query --data-urlencode 'query=label_join(up == 0, "is", " on ", "job", "host")' 2>&1) ||
  { echo "$found"; exit 1; }
down=$(echo "$found" | grep -o '"is":"[^"]*"' | cut -d '"' -f 4 | sort | paste -sd , -)
[ -z "$down" ] || { echo "it cannot scrape $down"; exit 1; }
`.trim();
