import { stringify } from "yaml";
import { engineMetricsPort } from "../hosts/daemonConfig.ts";

/** A host to scrape. */
export interface Target {
  name: string;
  /** On the lab network. */
  address: string;
}

export interface PrometheusConfig {
  /** The host that runs it. */
  store: Target;
  hosts: readonly Target[];
}

export const prometheusPort = 9090;
export const alertmanagerPort = 9093;
export const nodeExporterPort = 9100;
/** Not cAdvisor's usual 8080, which labs publish services on. */
export const cadvisorPort = 9101;

/** Folders of Prometheus' container: its data, the stack's rules, and those of the host's own folder of that path. */
export const dataFolder = "/prometheus";
export const rulesPath = "/etc/prometheus/stack-rules.yml";
export const ownRulesFolder = "/etc/prometheus/rules.d";

/** Jobs by the port that hosts answer them on. */
const hostJobs = { engine: engineMetricsPort, node: nodeExporterPort, containers: cadvisorPort };

/** The configuration of a Prometheus that scrapes its hosts every 5 s, and itself and its Alertmanager. */
export function prometheusConfig({ store, hosts }: PrometheusConfig): string {
  const at = ({ name, address }: Target, port: number) => ({
    targets: [`${address}:${port}`],
    labels: { host: name },
  });
  const jobs = Object.entries(hostJobs).map(([job, port]) => ({
    job_name: job,
    static_configs: hosts.map((host) => at(host, port)),
    ...(job === "containers" ? ofContainers : {}),
  }));
  return stringify(
    {
      global: { scrape_interval: "5s", evaluation_interval: "5s" },
      rule_files: [rulesPath, `${ownRulesFolder}/*.yml`],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [`${store.address}:${alertmanagerPort}`] }] }] },
      scrape_configs: [
        ...jobs,
        { job_name: "prometheus", static_configs: [at(store, prometheusPort)] },
        { job_name: "alertmanager", static_configs: [at(store, alertmanagerPort)] },
      ],
    },
    { aliasDuplicateObjects: false },
  );
}

/** Names a container's series as logs are named: `service` is Swarm's, else Compose's, else the container's name. */
const containerLabels = [
  ["name", "service"],
  ["container_label_com_docker_compose_service", "service"],
  ["container_label_com_docker_swarm_service_name", "service"],
  ["container_label_com_docker_swarm_task_name", "task"],
]
  .map(([from = "", to = ""]): object => ({ source_labels: [from], regex: "(.+)", target_label: to }))
  .concat({ action: "labeldrop", regex: "container_label_.+|id" });

/** cAdvisor gives its samples times of its own, so that without tracking a container that is gone would stay for 5 minutes. */
const ofContainers = { track_timestamps_staleness: true, metric_relabel_configs: containerLabels };
