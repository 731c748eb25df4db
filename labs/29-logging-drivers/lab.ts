import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 29,
  slug: "logging-drivers",
  title: "Logging drivers: where a container's output goes",
  summary:
    "A log that cannot fill the disk, five drivers that each deliver to a real receiver, and what blocking and non-blocking mean when the receiver is stuck.",
  covers: ["EM 11", "DD M14", "MG 12"],
  hosts: [
    { name: "app", role: "host" },
    { name: "collector", role: "host" },
  ],
  images: ["busybox", "otel-collector"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
