import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 32,
  slug: "tracing",
  title: "Tracing: one request across three services",
  summary:
    "A request across three services as one trace, the slow part of it named, and a failure followed from a log line to where it began.",
  covers: ["MG Q25"],
  hosts: [{ name: "shop", role: "host" }],
  images: ["jaeger", "otel-collector", "python"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
