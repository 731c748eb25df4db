import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import { mustRun } from "../runningContainers.ts";
import { configPath, haproxyConfig, statisticsPort, type Server } from "./haproxyConfig.ts";

export interface LoadBalancerArgs {
  plan: Plan;
  host: LabHost;
  /** Who answers the requests; at least one, under names of their own. They need not be there yet. */
  servers: readonly Server[];
  /** Port of the host; 80 by default. */
  port?: number;
  /** Path that a server which works answers with 2xx or 3xx; "/" by default. */
  healthPath?: string;
}

const container = "load-balancer";

/**
 * HAProxy in front of servers, which it asks for their health. It is the container `load-balancer` of its host, one a host.
 *
 * Other servers and weights, by another `up`, are taken over while it runs: no request is lost. Its Runtime API is on its
 * host's loopback, port 9999, without a password: whoever runs programs in the host's network may use it.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Where it answers, such as "http://10.216.192.11". */
  readonly url: string;
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, servers, port = 80, healthPath = "/" } = args;
    checkServers(name, servers);
    super("drydock:index:LoadBalancer", name, {}, opts);
    this.url = `http://${host.address}${port === 80 ? "" : `:${port}`}`;
    const page = `http://${host.address}:${statisticsPort}`;
    const ready = `curl -fsS --max-time 2 -o /dev/null ${page}/healthz 2>&1`;
    new HostService(
      name,
      {
        ...placeOf(plan, host),
        name: container,
        image: serviceImage("haproxy").names[0],
        command: [],
        memoryMib: 128,
        files: {},
        settings: { [configPath]: haproxyConfig({ address: host.address, port, servers, healthPath }) },
        reload: "SIGUSR2",
        // Its configuration is root's; it gives root up when it has read it and listens.
        user: "0:0",
        volumes: {},
        probe: ready,
        deadlineSec: 60,
      },
      { parent: this, deletedWith: host.goesWith },
    );
    this.output = pulumi.output({
      name,
      kind: "load balancer",
      host: host.name,
      address: this.url,
      page,
      probe: works(page),
    });
    this.registerOutputs({ url: this.url });
  }
}

/**
 * A command that fails when the load balancer or servers do not answer, and says which. As long as no server has ever answered
 * there is nothing wrong: they need not be there yet.
 */
const works = (page: string) =>
  `
${mustRun([container])}
found=$(curl -fsS --max-time 5 '${page}/;csv' 2>&1) || say "$found"
down=$(echo "$found" | awk -F, '
  $1 != "servers" || $2 == "BACKEND" { next }
  $18 ~ /^UP/ { up++; next }
  { down[$2] = $2 " is " $18 " (" $37 ")"; served += $31 }
  END { if (up || served) for (name in down) print down[name] }' | sort | paste -sd , - | sed 's/,/, /g')
[ -z "$down" ] || say "$down"
`.trim();

function checkServers(name: string, servers: readonly Server[]): void {
  if (servers.length === 0) throw new Error(`LoadBalancer ${name}: servers is empty; at least one is needed`);
  const names = servers.map((server) => server.name);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) throw new Error(`LoadBalancer ${name}: the server ${twice} stands in servers twice`);
  for (const server of servers) {
    const { weight = 1 } = server;
    if (!/^[a-z0-9-]+$/.test(server.name))
      throw new Error(
        `LoadBalancer ${name}: a server is named "${server.name}"; allowed are lower-case letters, digits, dashes`,
      );
    if (!Number.isInteger(weight) || weight < 0 || weight > 256)
      throw new Error(`LoadBalancer ${name}: the weight of ${server.name} is ${weight}; allowed are 0 to 256`);
  }
}
