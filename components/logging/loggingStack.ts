import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import { Grafana } from "../grafana/grafana.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import type { TracingStack } from "../tracing/tracingStack.ts";
import { LogCollector } from "./logCollector.ts";
import { lokiConfig, lokiFolder, lokiPort } from "./lokiConfig.ts";

export interface LoggingStackArgs {
  plan: Plan;
  /** Whose logs are collected. */
  hosts: LabHost[];
  /** The host that keeps them; it may be one of them. */
  store: LabHost;
  /** Where the trace ids in them lead, in Grafana; nowhere by default. */
  traces?: Pick<TracingStack, "url">;
  /** How long they are kept, in hours; 72 by default, at least 24. */
  retentionHours?: number;
}

const configPath = "/etc/loki/local-config.yaml";
const deadlineSec = 90;

const dashboard = readFileSync(new URL("grafana/logs.json", import.meta.url), "utf8");

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
    const { plan, hosts, store, traces, retentionHours = 72 } = args;
    if (retentionHours < 24)
      throw new Error(`LoggingStack ${name}: retentionHours is ${retentionHours}; Loki keeps logs for 24 or more`);
    super("drydock:index:LoggingStack", name, {}, opts);
    this.url = `http://${store.address}:${lokiPort}`;

    const probe = `curl -fsS --max-time 2 ${this.url}/ready 2>&1`;
    new HostService(
      name,
      {
        ...placeOf(plan, store),
        name: "loki",
        image: serviceImage("loki").names[0],
        command: [`-config.file=${configPath}`],
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

    const grafana = new Grafana(
      `${name}-grafana`,
      { plan, host: store, source: { uid: "loki", url: this.url, dashboard, jaeger: traces?.url } },
      { parent: this },
    );

    const kept: ComponentOutput = { name: "loki", kind: "log store", host: store.name, address: this.url, probe };
    this.outputs = [pulumi.output(kept), grafana.output, ...collectors.map(({ output }) => output)];
    this.registerOutputs({ url: this.url });
  }
}
