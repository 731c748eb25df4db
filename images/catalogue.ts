import { VisibleError } from "../stacks/visibleError.ts";
import digests from "./digests.json" with { type: "json" };

/** An image that labs run. Its folder in images/ has the catalogue's name for it, and the recipe's Dockerfile. */
export interface ServiceImage {
  /** What hosts call it, as on Docker Hub. */
  names: readonly [string, ...string[]];
  /** What is pulled in its place where a registry can be reached, by exact version. */
  upstream: string;
  /** Programs that are built outside the image, with the machine's Go. Absent: the Dockerfile needs Debian alone. */
  go?: GoRecipe;
  /** Why there is no recipe for it: it is had from a registry or not at all. */
  noRecipe?: string;
}

/** Go programs of one module. */
export interface GoRecipe {
  /** The folder of images/ that has the module's go.mod and go.sum. */
  module: string;
  programs: readonly GoRecipeProgram[];
}

export interface GoRecipeProgram {
  /** Its file in the image's build context. */
  binary: string;
  /** Package path, or "." for the module itself. */
  package: string;
  /** Go variable that the linker sets to the version of `upstream`. */
  versionVariable?: string;
}

const lokiVersion = "github.com/grafana/loki/v3/pkg/util/build.Version";

export const catalogue = {
  alertmanager: { names: ["prom/alertmanager:v0.28.1"], upstream: "prom/alertmanager:v0.28.1" },
  busybox: { names: ["busybox:latest", "busybox:1"], upstream: "busybox:1.37.0-glibc" },
  cadvisor: {
    names: ["google/cadvisor:v0.57.0"],
    upstream: "ghcr.io/google/cadvisor:v0.57.0",
    go: { module: "cadvisor", programs: [{ binary: "cadvisor", package: "." }] },
  },
  cosign: { names: ["cosign:2.5.0"], upstream: "ghcr.io/sigstore/cosign/cosign:v2.5.0" },
  debian: { names: ["debian:trixie-slim", "debian:latest"], upstream: "debian:trixie-slim" },
  grafana: {
    names: ["grafana/grafana:12.2.1"],
    upstream: "grafana/grafana:12.2.1",
    noRecipe: "its web pages are built with packages that no registry in reach of a restricted machine has",
  },
  haproxy: { names: ["haproxy:3.0.11"], upstream: "haproxy:3.0.11" },
  jaeger: {
    names: ["jaegertracing/all-in-one:1.62.0"],
    upstream: "jaegertracing/all-in-one:1.62.0",
    go: {
      module: "jaeger",
      programs: [
        {
          binary: "all-in-one",
          package: "github.com/jaegertracing/jaeger/cmd/all-in-one",
          versionVariable: "github.com/jaegertracing/jaeger/pkg/version.latestVersion",
        },
      ],
    },
  },
  logcli: {
    names: ["grafana/logcli:3.7.8"],
    upstream: "grafana/logcli:3.7.8",
    go: {
      module: "loki",
      programs: [{ binary: "logcli", package: "github.com/grafana/loki/v3/cmd/logcli", versionVariable: lokiVersion }],
    },
  },
  loki: {
    names: ["grafana/loki:3.7.8"],
    upstream: "grafana/loki:3.7.8",
    go: {
      module: "loki",
      programs: [{ binary: "loki", package: "github.com/grafana/loki/v3/cmd/loki", versionVariable: lokiVersion }],
    },
  },
  nginx: { names: ["nginx:latest", "nginx:1"], upstream: "nginx:1.26.3" },
  "node-exporter": { names: ["prom/node-exporter:v1.9.0"], upstream: "prom/node-exporter:v1.9.0" },
  opa: {
    names: ["openpolicyagent/opa:1.22.2"],
    upstream: "openpolicyagent/opa:1.22.2",
    go: { module: "opa", programs: [{ binary: "opa", package: "github.com/open-policy-agent/opa" }] },
  },
  "osv-scanner": {
    names: ["osv-scanner:2.5.0"],
    upstream: "ghcr.io/google/osv-scanner:v2.5.0",
    go: {
      module: "osv-scanner",
      programs: [{ binary: "osv-scanner", package: "github.com/google/osv-scanner/v2/cmd/osv-scanner" }],
    },
  },
  "otel-collector": {
    names: ["otel/opentelemetry-collector-contrib:0.145.0"],
    upstream: "otel/opentelemetry-collector-contrib:0.145.0",
    go: { module: "otel-collector", programs: [{ binary: "otelcol-contrib", package: "." }] },
  },
  prometheus: { names: ["prom/prometheus:v2.53.3"], upstream: "prom/prometheus:v2.53.3" },
  python: { names: ["python:3.13-slim"], upstream: "python:3.13.5-slim" },
  registry: { names: ["registry:2", "registry:latest"], upstream: "registry:2.8.3" },
  syft: {
    names: ["anchore/syft:v1.54.1"],
    upstream: "anchore/syft:v1.54.1",
    go: {
      module: "syft",
      programs: [{ binary: "syft", package: "github.com/anchore/syft/cmd/syft", versionVariable: "main.version" }],
    },
  },
  traefik: {
    names: ["traefik:v3.6.12"],
    upstream: "traefik:v3.6.12",
    go: {
      module: "traefik",
      programs: [
        {
          binary: "traefik",
          package: "github.com/traefik/traefik/v3/cmd/traefik",
          versionVariable: "github.com/traefik/traefik/v3/pkg/version.Version",
        },
      ],
    },
  },
} as const satisfies Record<string, ServiceImage>;

const byName = new Map<string, ServiceImage>(Object.entries(catalogue));

/** How an image's Go programs are built; undefined for one that has none, such as the host's. */
export const goRecipe = (name: string): GoRecipe | undefined => byName.get(name)?.go;

/** @throws VisibleError that lists the known names. */
export function serviceImage(name: string): ServiceImage {
  const found = byName.get(name);
  if (found) return found;
  throw new VisibleError(`There is no image "${name}" for labs to run`, {
    details: [`known are: ${Object.keys(catalogue).sort().join(", ")}`],
    fix: "add its folder to images/ and its line to images/catalogue.ts",
  });
}

/** What to pull for an image: its exact version, and the digest that `drydock images lock` recorded for it. */
export function pinned({ upstream }: ServiceImage, recorded: Record<string, string> = digests): string {
  const digest = recorded[upstream];
  return digest === undefined ? upstream : `${upstream}@${digest}`;
}

/** An image of a lab that a machine without a registry goes without. */
export interface MissingImage {
  name: string;
  reason: string;
}

/** Those of the images that only a registry has. */
export function withoutRecipe(images: readonly string[]): MissingImage[] {
  return images.flatMap((name) => {
    const { noRecipe } = serviceImage(name);
    return noRecipe === undefined ? [] : [{ name, reason: noRecipe }];
  });
}
