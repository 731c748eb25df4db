import * as pulumi from "@pulumi/pulumi";
import { serviceImage } from "../../images/catalogue.ts";
import type { ComponentOutput } from "../../stacks/outputs.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { LabHost } from "../hosts/labHost.ts";
import { placeOf } from "../hosts/placeOf.ts";
import { HostService } from "../resources.ts";
import { mustRun } from "../runningContainers.ts";
import {
  apiPort,
  metricsPort,
  routesConfig,
  routesFile,
  routesFolder,
  traefikArguments,
  type Route,
} from "./traefikConfig.ts";

export interface ReverseProxyArgs {
  plan: Plan;
  host: LabHost;
  /** At least one, under names of their own. Whoever answers need not be there yet. */
  routes: readonly Route[];
  /** Port of the host; 80 by default. */
  port?: number;
  /** Path that a version which works answers with 2xx or 3xx; "/" by default. */
  healthPath?: string;
}

const container = "reverse-proxy";

/**
 * Traefik, which gives each route's requests to versions by weight. It is the container `reverse-proxy` of its host, one a
 * host.
 *
 * Its routes are the file routes.yml in its host's folder /root/<name>, and stay as they are edited there until they are
 * declared otherwise. `docker kill --signal HUP reverse-proxy` makes it read them again while it runs, as another `up` with
 * other routes does: no request is lost. Its API is on its host's loopback, port 8090, without a password.
 */
export class ReverseProxy extends pulumi.ComponentResource {
  /** Where it answers, such as "http://10.216.192.11". */
  readonly url: string;
  readonly output: pulumi.Output<ComponentOutput>;

  constructor(name: string, args: ReverseProxyArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, host, routes, port = 80, healthPath = "/" } = args;
    checkRoutes(name, routes);
    super("drydock:index:ReverseProxy", name, {}, opts);
    this.url = `http://${host.address}${port === 80 ? "" : `:${port}`}`;
    const api = `http://127.0.0.1:${apiPort}`;
    new HostService(
      name,
      {
        ...placeOf(plan, host),
        name: container,
        image: serviceImage("traefik").names[0],
        command: traefikArguments(host.address, port),
        memoryMib: 128,
        files: {},
        settings: { [`${routesFolder}/${routesFile}`]: routesConfig(routes, healthPath) },
        reload: "SIGHUP",
        volumes: { [`/root/${name}`]: routesFolder },
        probe: `curl -fsS --max-time 2 -o /dev/null ${api}/ping 2>&1`,
        deadlineSec: 60,
      },
      { parent: this, deletedWith: host.goesWith },
    );
    this.output = pulumi.output({
      name,
      kind: "reverse proxy",
      host: host.name,
      address: this.url,
      page: `${api}/api/http/services`,
      probe: works(api, `http://${host.address}:${metricsPort}/metrics`),
    });
    this.registerOutputs({ url: this.url });
  }
}

/**
 * A command that fails when the proxy does not answer or has no routes, or a version that once answered no longer does,
 * and says which. One that never has need not be there yet.
 */
const works = (api: string, metrics: string) =>
  `
${mustRun([container])}
routers=$(curl -fsS --max-time 5 ${api}/api/http/routers 2>&1) || say "$routers"
case $routers in *@file*) ;; *) say "it has no routes: docker logs ${container} says what is wrong with its files" ;; esac
found=$(curl -fsS --max-time 5 ${metrics} 2>&1) || say "$found"
down=$(echo "$found" | awk -F '"' '
  /^traefik_service_requests_total\\{.*code="[23]/ && match($0, /service="[^"@]*/) { served[substr($0, RSTART + 9, RLENGTH - 9)] = 1 }
  /^traefik_service_server_up\\{.* 0$/ && match($0, /service="[^"@]*/) { down[substr($0, RSTART + 9, RLENGTH - 9)] = 1 }
  END { for (name in down) if (served[name]) print name }' | sort | paste -sd , - | sed 's/,/, /g')
[ -z "$down" ] || say "no longer answers: $down"
`.trim();

function checkRoutes(name: string, routes: readonly Route[]): void {
  const problem = (what: string) => new Error(`ReverseProxy ${name}: ${what}`);
  if (routes.length === 0) throw problem("routes is empty; at least one is needed");
  const names = routes.flatMap((route) => [route.name, ...route.versions.map((version) => version.name)]);
  const twice = names.find((one, index) => names.indexOf(one) !== index);
  if (twice !== undefined) throw problem(`the name ${twice} stands in routes twice`);
  const odd = names.find((one) => !/^[a-z0-9-]+$/.test(one));
  if (odd !== undefined)
    throw problem(`a route or version is named "${odd}"; allowed are lower-case letters, digits, dashes`);
  for (const route of routes) {
    const wrong = route.versions.find(({ weight }) => !Number.isInteger(weight) || weight < 0);
    if (wrong)
      throw problem(`the weight of ${wrong.name} is ${wrong.weight}; allowed are 0 and whole numbers above it`);
    if (!route.versions.some(({ weight }) => weight > 0))
      throw problem(`the route ${route.name} has no version with a weight above 0, so it would answer nothing`);
  }
}
