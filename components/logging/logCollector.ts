import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import {
  collectorConfig,
  containersFolder,
  driverPorts,
  healthPort,
  storageFolder,
  type Sink,
} from "./collectorConfig.ts";

export interface LogCollectorArgs {
  plan: Plan;
  host: LabHost;
  /** Where it takes what it receives. A file is in `logsFolder` of the host. */
  sink: Sink;
  /**
   * Address that it listens on for log drivers; by default the host's loopback, which its own engine reaches. Another
   * host's engine needs one of the lab network.
   */
  listen?: string;
}

/** Folder of a host where a collector writes its file. */
export const logsFolder = "/var/log/lab";

const configPath = "/etc/otelcol-contrib/config.yaml";
const deadlineSec = 60;

/**
 * An OpenTelemetry Collector on a host: reads what its containers log by json-file, and receives the fluentd, GELF (over
 * TCP), Splunk and syslog (RFC 5424 over TCP) drivers.
 *
 * On the host are the container `<name>` and the volume `<name>`, with its queue and how far it has read.
 */
export class LogCollector extends pulumi.ComponentResource {
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: LogCollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:LogCollector", name, {}, opts);
    const { plan, host, sink, listen = "127.0.0.1" } = args;
    const probe = `curl -fsS --max-time 2 -o /dev/null http://127.0.0.1:${healthPort}/ 2>&1`;
    new HostService(
      name,
      {
        ...placeOf(plan, host),
        name: "log-collector",
        image: serviceImage("otel-collector").names[0],
        command: ["--config", configPath],
        memoryMib: 384,
        files: { [configPath]: collectorConfig({ host: host.name, listen, sink }) },
        // The engine's log files are root's.
        user: "0:0",
        volumes: {
          [containersFolder]: `${containersFolder}:ro`,
          "log-collector": storageFolder,
          ...("file" in sink ? { [logsFolder]: logsFolder } : {}),
        },
        probe,
        deadlineSec,
      },
      { parent: this, deletedWith: host.goesWith },
    );
    this.output = pulumi.output({
      name: "log-collector",
      kind: "log collector",
      host: host.name,
      address: Object.entries(driverPorts)
        .map(([driver, port]) => `${driver} ${listen}:${port}`)
        .join(", "),
      probe,
    });
    this.registerOutputs();
  }
}
