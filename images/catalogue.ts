import { VisibleError } from "../stacks/visibleError.ts";

/** An image that labs run. Its folder in images/ has the catalogue's name for it. */
export interface ServiceImage {
  /** What hosts call it, as on Docker Hub. */
  names: readonly [string, ...string[]];
  /** What is pulled in its place where a registry can be reached, by exact version. */
  upstream: string;
}

export const catalogue = {
  busybox: { names: ["busybox:latest", "busybox:1"], upstream: "busybox:1.37.0-glibc" },
  debian: { names: ["debian:trixie-slim", "debian:latest"], upstream: "debian:trixie-slim" },
  nginx: { names: ["nginx:latest", "nginx:1"], upstream: "nginx:1.26.3" },
  registry: { names: ["registry:2", "registry:latest"], upstream: "registry:2.8.3" },
} as const satisfies Record<string, ServiceImage>;

/** @throws VisibleError that lists the known names. */
export function serviceImage(name: string): ServiceImage {
  const found = new Map<string, ServiceImage>(Object.entries(catalogue)).get(name);
  if (found) return found;
  throw new VisibleError(`There is no image "${name}" for labs to run`, {
    details: [`known are: ${Object.keys(catalogue).sort().join(", ")}`],
    fix: "add its folder to images/ and its line to images/catalogue.ts",
  });
}
