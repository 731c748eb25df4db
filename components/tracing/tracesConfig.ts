import { stringify } from "yaml";

export interface TracesConfig {
  /** Address that it listens on for spans. */
  listen: string;
  /** Jaeger's own OTLP receiver, host:port. */
  jaeger: string;
}

/** OTLP's usual ports. */
export const otlpPorts = { grpc: 4317, http: 4318 } as const;

/** Where the collector says whether it works, on its host's loopback; beside the log collector's. */
export const tracesHealthPort = 13134;

/** Where the collector keeps its queue. */
export const queueFolder = "/var/lib/otelcol";

/** The configuration of an OpenTelemetry Collector that takes spans, and hands them to Jaeger when that answers. */
export function tracesConfig({ listen, jaeger }: TracesConfig): string {
  return stringify({
    extensions: {
      health_check: { endpoint: `127.0.0.1:${tracesHealthPort}` },
      file_storage: { directory: queueFolder, create_directory: true },
    },
    receivers: {
      otlp: {
        protocols: {
          grpc: { endpoint: `${listen}:${otlpPorts.grpc}` },
          http: { endpoint: `${listen}:${otlpPorts.http}` },
        },
      },
    },
    exporters: {
      otlp_http: {
        traces_endpoint: `http://${jaeger}/v1/traces`,
        retry_on_failure: { enabled: true, initial_interval: "1s", max_interval: "5s", max_elapsed_time: "0s" },
        // On the disk, so that neither a crash of the collector nor a silent Jaeger loses what was taken.
        sending_queue: {
          storage: "file_storage",
          sizer: "items",
          queue_size: 100_000,
          batch: { flush_timeout: "200ms", min_size: 500, max_size: 2_000 },
        },
      },
    },
    service: {
      extensions: ["health_check", "file_storage"],
      telemetry: { logs: { level: "warn" }, metrics: { level: "none" } },
      pipelines: { traces: { receivers: ["otlp"], exporters: ["otlp_http"] } },
    },
  });
}
