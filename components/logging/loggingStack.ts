import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { sshWhenReady } from "../hosts/sshWhenReady.ts";
import { HostService } from "../resources.ts";
import { grafanaFiles, grafanaPort } from "./grafanaConfig.ts";
import { LogCollector } from "./logCollector.ts";
import { lokiConfig, lokiFolder, lokiPort } from "./lokiConfig.ts";

export interface LoggingStackArgs {
  plan: Plan;
  /** Whose logs are collected. */
  hosts: LabHost[];
  /** The host that keeps them; it may be one of them. */
  store: LabHost;
  /** How long they are kept, in hours; 72 by default, at least 24. */
  retentionHours?: number;
}

const configPath = "/etc/loki/local-config.yaml";
const deadlineSec = 90;

/**
 * The logs of several hosts in one place: Loki on one of them, and on each a LogCollector that takes them there. A
 * collector keeps on its disk what Loki does not take yet.
 *
 * Grafana shows them, where its image can be had; elsewhere it is left out.
 *
 * Loki is the container `loki`, its data the volume `loki`, and every host of the lab reaches it at `url`.
 */
export class LoggingStack extends pulumi.ComponentResource {
  /** Where Loki answers, such as "http://10.216.192.11:3100". */
  readonly url: string;
  readonly outputs: pulumi.Output<ComponentOutput>[];

  constructor(name: string, args: LoggingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, hosts, store, retentionHours = 72 } = args;
    if (retentionHours < 24)
      throw new Error(`LoggingStack ${name}: retentionHours is ${retentionHours}; Loki keeps logs for 24 or more`);
    super("drydock:index:LoggingStack", name, {}, opts);
    this.url = `http://${store.address}:${lokiPort}`;

    const probe = `curl -fsS --max-time 2 ${this.url}/ready 2>&1`;
    new HostService(
      name,
      {
        host: store.name,
        ssh: sshWhenReady(store),
        incarnation: store.incarnation,
        name: "loki",
        image: serviceImage("loki").names[0],
        command: [`-config.file=${configPath}`],
        labels: { ...plan.labels, "drydock.host": store.name },
        memoryMib: 512,
        files: { [configPath]: lokiConfig({ address: store.address, retentionHours }) },
        // Its configuration is root's.
        user: "0:0",
        volumes: { loki: lokiFolder },
        probe,
        deadlineSec,
      },
      { parent: this, deletedWith: store.goesWith },
    );
    const collectors = hosts.map(
      (host) =>
        new LogCollector(`${name}-collector-${host.name}`, { plan, host, sink: { loki: this.url } }, { parent: this }),
    );

    const grafanaImage = serviceImage("grafana");
    const grafanaUrl = `http://${store.address}:${grafanaPort}`;
    const grafanaProbe = [
      `docker image inspect ${grafanaImage.names[0]} > /dev/null 2>&1`,
      `{ echo "left out: ${grafanaImage.noRecipe}"; exit 1; }`,
    ].join(" || ");
    new HostService(
      `${name}-grafana`,
      {
        host: store.name,
        ssh: sshWhenReady(store),
        incarnation: store.incarnation,
        name: "grafana",
        image: grafanaImage.names[0],
        optional: true,
        command: [],
        labels: { ...plan.labels, "drydock.host": store.name },
        memoryMib: 256,
        files: grafanaFiles(store.address, this.url),
        user: "0:0",
        volumes: {},
        probe: `curl -fsS --max-time 2 -o /dev/null ${grafanaUrl}/api/health 2>&1`,
        deadlineSec,
      },
      { parent: this, deletedWith: store.goesWith },
    );

    const kept: ComponentOutput = { name: "loki", kind: "log store", host: store.name, address: this.url, probe };
    const shown: ComponentOutput = {
      name: "grafana",
      kind: "dashboards",
      host: store.name,
      address: grafanaUrl,
      page: grafanaUrl,
      probe: `${grafanaProbe}; curl -fsS --max-time 2 -o /dev/null ${grafanaUrl}/api/health 2>&1`,
    };
    this.outputs = [pulumi.output(kept), pulumi.output(shown), ...collectors.map(({ output }) => output)];
    this.registerOutputs({ url: this.url });
  }
}
