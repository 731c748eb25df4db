import { stringify } from "yaml";

/** One version of what a route leads to. */
export interface Version {
  /** As logs and metrics call it; unique among all routes. */
  name: string;
  /** "host:port". */
  address: string;
  /** Its share of the route's requests beside the others'; 0 for none. */
  weight: number;
}

/** Requests that go to the versions of one thing. */
export interface Route {
  name: string;
  /** Which requests, in Traefik's words, such as "PathPrefix(`/shop`)"; all of them by default. */
  rule?: string;
  versions: readonly Version[];
}

/** The folder in its container whose files say what leads where, and the file of ours. */
export const routesFolder = "/etc/traefik/routes";
export const routesFile = "routes.yml";

/** Its metrics, on the lab network. */
export const metricsPort = 8082;
/** Its API and dashboard, on its host's loopback. */
export const apiPort = 8090;

/** What Traefik is told when it starts. It reads its routes again on SIGHUP alone, so never a file half written. */
export const traefikArguments = (address: string, port: number): string[] => [
  "--global.checkNewVersion=false",
  "--global.sendAnonymousUsage=false",
  `--entryPoints.web.address=${address}:${port}`,
  `--entryPoints.metrics.address=${address}:${metricsPort}`,
  `--entryPoints.traefik.address=127.0.0.1:${apiPort}`,
  "--api.insecure=true",
  "--ping=true",
  "--metrics.prometheus=true",
  "--metrics.prometheus.entryPoint=metrics",
  "--metrics.prometheus.addServicesLabels=true",
  "--accessLog=true",
  `--providers.file.directory=${routesFolder}`,
  "--providers.file.watch=false",
  "--serversTransport.forwardingTimeouts.dialTimeout=1s",
  "--serversTransport.forwardingTimeouts.responseHeaderTimeout=2s",
];

/**
 * Routes as Traefik's file provider takes them. A version is asked for `healthPath` every second and has a second to
 * answer; when it does not, its route's other versions get its requests.
 */
export function routesConfig(routes: readonly Route[], healthPath: string): string {
  const versions = routes.flatMap((route) => [...route.versions]);
  const healthCheck = { path: healthPath, interval: "1s", timeout: "1s" };
  const config = {
    http: {
      routers: byName(routes, ({ name, rule = "PathPrefix(`/`)" }) => ({ rule, entryPoints: ["web"], service: name })),
      services: {
        ...byName(routes, (route) => ({
          weighted: { healthCheck: {}, services: route.versions.map(({ name, weight }) => ({ name, weight })) },
        })),
        ...byName(versions, ({ address }) => ({
          loadBalancer: { servers: [{ url: `http://${address}` }], healthCheck },
        })),
      },
    },
  };
  // Somebody edits it.
  return stringify(config, { aliasDuplicateObjects: false });
}

const byName = <T extends { name: string }>(all: readonly T[], toValue: (one: T) => object) =>
  Object.fromEntries(all.map((one) => [one.name, toValue(one)]));
