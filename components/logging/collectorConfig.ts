import { stringify } from "yaml";
import { engineLabels } from "./engineLabels.ts";

/** Where a collector takes what it received. */
export type Sink = { loki: string } | { file: string };

/** What a collector's configuration is made from. */
export interface CollectorConfig {
  /** The host whose containers log to it; becomes the label `host`. */
  host: string;
  /** Address that it listens on for the engine's log drivers. */
  listen: string;
  sink: Sink;
}

/** Ports of the log drivers' receivers. */
export const driverPorts = { fluentd: 24224, gelf: 12201, splunk: 8088, syslog: 5514 } as const;

/** Where a collector says whether it works, and counts what went in and out; on its host's loopback. */
export const healthPort = 13133;
export const metricsPort = 8888;

/** Where the engine keeps what the json-file driver writes. */
export const containersFolder = "/var/lib/docker/containers";
/** Where a collector keeps its queue and how far it has read. */
export const storageFolder = "/var/lib/otelcol";

/**
 * The configuration of an OpenTelemetry Collector for a host's logs, the same for the contrib distribution and for ours.
 * Whatever the driver, a record ends with the attributes host, service and driver on its resource, and task, container and
 * stream on itself.
 */
export function collectorConfig({ host, listen, sink }: CollectorConfig): string {
  const exporter = "loki" in sink ? "otlp_http" : "file";
  const pipeline = (driver: Driver) => ({
    receivers: [receiverOf[driver]],
    processors: [`transform/${driver}`, "groupbyattrs"],
    exporters: [exporter],
  });
  return stringify(
    {
      extensions: {
        health_check: { endpoint: `127.0.0.1:${healthPort}` },
        file_storage: { directory: storageFolder, create_directory: true },
      },
      receivers: receivers(listen),
      processors: {
        ...Object.fromEntries(drivers.map((driver) => [`transform/${driver}`, transform(driver, host)])),
        groupbyattrs: { keys: ["host", "service", "driver"] },
      },
      exporters: { [exporter]: "loki" in sink ? toLoki(sink.loki) : toFile(sink.file) },
      service: {
        extensions: ["health_check", "file_storage"],
        telemetry: { logs: { level: "warn" } },
        pipelines: Object.fromEntries(drivers.map((driver) => [`logs/${driver}`, pipeline(driver)])),
      },
    },
    { lineWidth: 0 },
  );
}

const drivers = ["json-file", "fluentd", "gelf", "splunk", "syslog"] as const;
type Driver = (typeof drivers)[number];

const receiverOf = {
  "json-file": "filelog",
  fluentd: "fluentforward",
  gelf: "tcplog",
  splunk: "splunk_hec",
  syslog: "syslog",
} as const satisfies Record<Driver, string>;

const forever = { enabled: true, initial_interval: "1s", max_interval: "5s", max_elapsed_time: "0s" };

function receivers(listen: string) {
  const at = (driver: keyof typeof driverPorts) => `${listen}:${driverPorts[driver]}`;
  return {
    filelog: {
      // With the rotated ones, so that what was rotated away in a rush is still read; compressed ones were read before.
      include: [`${containersFolder}/*/*-json.log*`],
      exclude: [`${containersFolder}/*/*.gz`],
      include_file_name: false,
      start_at: "beginning",
      poll_interval: "200ms",
      storage: "file_storage",
      retry_on_failure: forever,
      operators: [
        {
          type: "json_parser",
          timestamp: {
            parse_from: "attributes.time",
            layout_type: "gotime",
            layout: "2006-01-02T15:04:05.999999999Z07:00",
          },
        },
        { type: "move", from: "attributes.log", to: "body" },
        { type: "remove", field: "attributes.time" },
      ],
    },
    fluentforward: { endpoint: at("fluentd") },
    tcplog: {
      listen_address: at("gelf"),
      // GELF over TCP ends each message with a null byte.
      multiline: { line_end_pattern: "\\x00", omit_pattern: true },
      retry_on_failure: forever,
      operators: [
        {
          type: "json_parser",
          timestamp: { parse_from: "attributes.timestamp", layout_type: "epoch", layout: "s.ms" },
        },
        { type: "move", from: "attributes.short_message", to: "body" },
        { type: "remove", field: "attributes.timestamp" },
      ],
    },
    splunk_hec: { endpoint: at("splunk") },
    syslog: {
      protocol: "rfc5424",
      tcp: { listen_address: at("syslog") },
      retry_on_failure: forever,
    },
  };
}

/** What each driver calls what, brought to the same names. */
const renames: Record<Driver, string[]> = {
  "json-file": [
    'set(log.attributes["container"], log.attributes["attrs"]["tag"])',
    ...labelsFrom('log.attributes["attrs"]', ""),
    'delete_key(log.attributes, "attrs")',
    'replace_pattern(log.body, "\\\\n$", "")',
  ],
  fluentd: [
    'set(log.attributes["container"], log.attributes["container_name"])',
    'replace_pattern(log.attributes["container"], "^/", "")',
    'set(log.attributes["stream"], log.attributes["source"])',
    ...labelsFrom("log.attributes", ""),
    'delete_matching_keys(log.attributes, "^(container_name|source|fluent\\\\.tag|com\\\\.docker\\\\..*)$")',
  ],
  gelf: [
    'set(log.attributes["container"], log.attributes["_container_name"])',
    'set(log.attributes["stream"], "stdout")',
    'set(log.attributes["stream"], "stderr") where Int(log.attributes["level"]) == 3',
    ...labelsFrom("log.attributes", "_"),
    'delete_matching_keys(log.attributes, "^(_.*|version|host|level)$")',
  ],
  splunk: [
    'set(log.attributes["container"], log.body["tag"])',
    'set(log.attributes["stream"], log.body["source"])',
    ...labelsFrom('log.body["attrs"]', ""),
    'delete_matching_keys(log.attributes, "^(com\\\\.splunk\\\\..*|host\\\\.name)$")',
    'set(log.body, log.body["line"])',
  ],
  syslog: [
    'set(log.attributes["container"], log.attributes["appname"])',
    'set(log.attributes["stream"], "stdout")',
    'set(log.attributes["stream"], "stderr") where log.severity_number == SEVERITY_NUMBER_ERROR',
    'set(log.body, log.attributes["message"])',
    'keep_keys(log.attributes, ["container", "stream"])',
  ],
};

/** The service and the task, from the labels that a driver was told to send along. */
function labelsFrom(place: string, prefix: string): string[] {
  const [swarmService, composeService, task] = engineLabels.map((label) => `${place}["${prefix}${label}"]`);
  return [
    `set(log.attributes["service"], ${composeService})`,
    `set(log.attributes["service"], ${swarmService})`,
    `set(log.attributes["task"], ${task})`,
  ];
}

function transform(driver: Driver, host: string) {
  return {
    // A record that is not as the driver makes them goes on as it is.
    error_mode: "silent",
    log_statements: [
      ...renames[driver],
      // What belongs to no service is found under its container's name.
      'set(log.attributes["service"], log.attributes["container"]) where log.attributes["service"] == nil',
      `set(log.attributes["driver"], "${driver}")`,
      `set(log.attributes["host"], "${host}")`,
    ],
  };
}

/** How many records wait on the disk while Loki does not answer: at 10,000 a second, a minute and a half. */
const queuedRecords = 1_000_000;

function toLoki(url: string) {
  return {
    logs_endpoint: `${url}/otlp/v1/logs`,
    retry_on_failure: forever,
    sending_queue: {
      // On the disk, so that neither a crash of the collector nor a silent Loki loses what was taken.
      storage: "file_storage",
      sizer: "items",
      queue_size: queuedRecords,
      // When even this is full, senders wait: files are read later, and drivers do what their mode says.
      block_on_overflow: true,
      batch: { flush_timeout: "200ms", min_size: 1_000, max_size: 5_000 },
    },
  };
}

const toFile = (path: string) => ({ path, flush_interval: "100ms" });
