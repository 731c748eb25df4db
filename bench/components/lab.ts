import type { Lab } from "../../labs/lab.ts";

/** The lab whose components are measured, in no catalogue: a private registry on one host, the logs of both beside it. */
export const componentsLab: Lab = {
  number: 0,
  slug: "bench-components",
  title: "A registry and a logging stack",
  summary: "What `drydock bench --components` measures.",
  covers: [],
  hosts: [
    { name: "depot", role: "host", memoryMib: 2048 },
    { name: "client", role: "host" },
  ],
  images: ["busybox", "loki", "nginx", "otel-collector", "registry"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};
