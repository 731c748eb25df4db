import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import { engineMetricsPort } from "../hosts/daemonConfig.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { engineLabels } from "../logging/engineLabels.ts";
import { HostService } from "../resources.ts";
import { cadvisorPort, nodeExporterPort } from "./prometheusConfig.ts";

export interface HostExportersArgs {
  plan: Plan;
  host: LabHost;
}

const deadlineSec = 60;

/**
 * What Prometheus asks of a host: its engine's own metrics, node-exporter for the host, cAdvisor for its containers. They
 * are the containers `engine-metrics`, `node-exporter` and `cadvisor`, and listen on the host's address on the lab network.
 *
 * A host that is itself a container shares its machine's kernel: what node-exporter tells of processors, memory and
 * disks is the machine's, of networks the host's own. cAdvisor is given the engine's socket, and with it the whole host.
 */
export class HostExporters extends pulumi.ComponentResource {
  readonly outputs: pulumi.Output<ComponentOutput>[];

  constructor(name: string, { plan, host }: HostExportersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:HostExporters", name, {}, opts);
    const common = {
      ...placeOf(plan, host),
      deadlineSec,
    };
    const child = { parent: this, deletedWith: host.goesWith };
    const engineAddress = `${host.address}:${engineMetricsPort}`;
    const engineProbe = `curl -fsS --max-time 5 -o /dev/null http://${engineAddress}/metrics 2>&1`;
    new HostService(
      `${name}-engine`,
      {
        ...common,
        name: "engine-metrics",
        image: serviceImage("nginx").names[0],
        command: [],
        memoryMib: 32,
        files: { "/etc/nginx/conf.d/default.conf": engineMetricsConfig(engineAddress) },
        volumes: {},
        probe: engineProbe,
      },
      child,
    );
    const nodeAddress = `${host.address}:${nodeExporterPort}`;
    const nodeProbe = `curl -fsS --max-time 5 -o /dev/null http://${nodeAddress}/metrics 2>&1`;
    new HostService(
      `${name}-node`,
      {
        ...common,
        name: "node-exporter",
        image: serviceImage("node-exporter").names[0],
        command: [
          `--web.listen-address=${nodeAddress}`,
          "--path.rootfs=/host",
          "--path.procfs=/host/proc",
          "--path.sysfs=/host/sys",
          "--no-collector.systemd",
        ],
        memoryMib: 64,
        files: {},
        volumes: { "/": "/host:ro" },
        probe: nodeProbe,
      },
      child,
    );
    const cadvisorProbe = `curl -fsS --max-time 5 -o /dev/null http://${host.address}:${cadvisorPort}/healthz 2>&1`;
    new HostService(
      `${name}-cadvisor`,
      {
        ...common,
        name: "cadvisor",
        image: serviceImage("cadvisor").names[0],
        command: [
          `-listen_ip=${host.address}`,
          `-port=${cadvisorPort}`,
          "-docker_only=true",
          "-housekeeping_interval=5s",
          "-enable_metrics=cpu,memory,network,diskIO",
          "-store_container_labels=false",
          `-whitelisted_container_labels=${engineLabels.join(",")}`,
        ],
        memoryMib: 192,
        files: {},
        volumes: {
          "/": "/rootfs:ro",
          "/run": "/var/run:ro",
          "/sys": "/sys:ro",
          "/var/lib/docker": "/var/lib/docker:ro",
        },
        probe: cadvisorProbe,
      },
      child,
    );
    const shown = (of: string, kind: string, port: number, probe: string): pulumi.Output<ComponentOutput> =>
      pulumi.output({ name: of, kind, host: host.name, address: `http://${host.address}:${port}/metrics`, probe });
    this.outputs = [
      shown("engine-metrics", "metrics of the engine", engineMetricsPort, engineProbe),
      shown("node-exporter", "metrics of the host", nodeExporterPort, nodeProbe),
      shown("cadvisor", "metrics of containers", cadvisorPort, cadvisorProbe),
    ];
    this.registerOutputs();
  }
}

/**
 * nginx that hands an engine's metrics out. The engine serves them on loopback alone: given an address of its host, it does
 * not start once the host has another; given all, it serves networks that nobody asked it to.
 */
const engineMetricsConfig = (address: string) => `server {
  listen ${address};
  server_tokens off;
  access_log off;
  location = /metrics { proxy_pass http://127.0.0.1:${engineMetricsPort}; }
  location / { return 404; }
}
`;
