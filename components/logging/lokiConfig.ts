import { stringify } from "yaml";

/** What a Loki's configuration is made from. */
export interface LokiConfig {
  /** Address that it listens on. */
  address: string;
  /** How long it keeps what it got, in hours; Loki deletes by the day, so not under 24. */
  retentionHours: number;
}

export const lokiPort = 3100;

/** Where Loki keeps all that it has. */
export const lokiFolder = "/loki";

const local = "127.0.0.1";

/** The configuration of a Loki of one process, on its own disk, that takes OTLP. */
export function lokiConfig({ address, retentionHours }: LokiConfig): string {
  return stringify({
    auth_enabled: false,
    analytics: { reporting_enabled: false },
    server: {
      http_listen_address: address,
      http_listen_port: lokiPort,
      grpc_listen_address: local,
      log_level: "warn",
    },
    common: {
      path_prefix: lokiFolder,
      replication_factor: 1,
      instance_addr: local,
      ring: { kvstore: { store: "inmemory" }, instance_addr: local },
      storage: { filesystem: { chunks_directory: `${lokiFolder}/chunks`, rules_directory: `${lokiFolder}/rules` } },
    },
    schema_config: {
      configs: [
        {
          from: "2024-04-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    // There is one ingester, so nobody has to wait until others know of it.
    ingester: { lifecycler: { min_ready_duration: "0s", final_sleep: "0s" } },
    compactor: {
      working_directory: `${lokiFolder}/compactor`,
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    limits_config: {
      retention_period: `${retentionHours}h`,
      // A collector that was cut off for a minute brings it all at once.
      ingestion_rate_mb: 64,
      ingestion_burst_size_mb: 128,
      per_stream_rate_limit: "64MB",
      per_stream_rate_limit_burst: "128MB",
      // Labels are what the index is made of, so they are few and stay few. All else is found by filtering.
      otlp_config: {
        resource_attributes: {
          ignore_defaults: true,
          attributes_config: [{ action: "index_label", attributes: ["host", "service", "driver"] }],
        },
      },
      discover_service_name: [],
      discover_log_levels: false,
    },
  });
}
