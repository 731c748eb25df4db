import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import { otlpPorts, queueFolder, tracesConfig, tracesHealthPort } from "./tracesConfig.ts";

export interface TracingStackArgs {
  plan: Plan;
  /** The host that takes and keeps the traces of all. */
  store: LabHost;
  /** How many traces are kept, the newest; 10,000 by default. They are in memory, and gone when Jaeger is started anew. */
  maxTraces?: number;
}

/** Jaeger's page and its API. */
const jaegerPort = 16686;
const jaegerHealth = "127.0.0.1:14269";
const jaegerOtlp = "127.0.0.1:14318";
const configPath = "/etc/otelcol-contrib/config.yaml";
const deadlineSec = 60;

/**
 * The traces of a lab in one place: an OpenTelemetry Collector that takes spans by OTLP (gRPC on port 4317, HTTP on 4318), and
 * Jaeger behind it. They are the containers `trace-collector` and `jaeger` of the host; what Jaeger has not taken yet waits in
 * the volume `trace-collector`. They listen on the lab network and ask for no password.
 */
export class TracingStack extends pulumi.ComponentResource {
  /** Where Jaeger answers, such as "http://10.216.192.11:16686". */
  readonly url: string;
  /** Where services send spans by HTTP, as OTEL_EXPORTER_OTLP_ENDPOINT has it. */
  readonly endpoint: string;
  readonly outputs: pulumi.Output<ComponentOutput>[];

  constructor(name: string, args: TracingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, store, maxTraces = 10_000 } = args;
    if (!Number.isInteger(maxTraces) || maxTraces < 1)
      throw new Error(`TracingStack ${name}: maxTraces is ${maxTraces}; allowed are whole numbers from 1`);
    super("drydock:index:TracingStack", name, {}, opts);
    const { address } = store;
    this.url = `http://${address}:${jaegerPort}`;
    this.endpoint = `http://${address}:${otlpPorts.http}`;
    const child = { parent: this, deletedWith: store.goesWith };
    const common = {
      ...placeOf(plan, store),
      deadlineSec,
    };

    const jaegerReady = `curl -fsS --max-time 2 -o /dev/null http://${jaegerHealth}/ 2>&1`;
    const jaeger = new HostService(
      `${name}-jaeger`,
      {
        ...common,
        name: "jaeger",
        image: serviceImage("jaeger").names[0],
        command: jaegerFlags(address, maxTraces),
        memoryMib: 256,
        files: {},
        volumes: {},
        probe: jaegerReady,
      },
      child,
    );
    const collectorReady = `curl -fsS --max-time 2 -o /dev/null http://127.0.0.1:${tracesHealthPort}/ 2>&1`;
    new HostService(
      `${name}-collector`,
      {
        ...common,
        name: "trace-collector",
        image: serviceImage("otel-collector").names[0],
        command: ["--config", configPath],
        memoryMib: 192,
        files: { [configPath]: tracesConfig({ listen: address, jaeger: jaegerOtlp }) },
        // Its configuration is root's.
        user: "0:0",
        volumes: { "trace-collector": queueFolder },
        probe: collectorReady,
      },
      { ...child, dependsOn: [jaeger] },
    );

    const shown = (output: Omit<ComponentOutput, "host">) => pulumi.output({ ...output, host: store.name });
    this.outputs = [
      shown({ name: "jaeger", kind: "traces", address: this.url, page: this.url, probe: jaegerReady }),
      shown({
        name: "trace-collector",
        kind: "trace collector",
        address: `OTLP ${this.endpoint}, gRPC ${address}:${otlpPorts.grpc}`,
        probe: collectorReady,
      }),
    ];
    this.registerOutputs({ url: this.url, endpoint: this.endpoint });
  }
}

/** Only the page, with the API, is for the lab network; the rest of Jaeger listens on loopback. */
const jaegerFlags = (address: string, maxTraces: number) => [
  `--memory.max-traces=${maxTraces}`,
  `--query.http-server.host-port=${address}:${jaegerPort}`,
  "--query.grpc-server.host-port=127.0.0.1:16685",
  `--admin.http.host-port=${jaegerHealth}`,
  `--collector.otlp.http.host-port=${jaegerOtlp}`,
  "--collector.otlp.grpc.host-port=127.0.0.1:14317",
  "--collector.grpc-server.host-port=127.0.0.1:14250",
  "--collector.http-server.host-port=127.0.0.1:14268",
];
