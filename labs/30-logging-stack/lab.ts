import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 30,
  slug: "logging-stack",
  title: "A logging stack: every host's logs in one place",
  summary:
    "The logs of three hosts searched in one place by service and node, a crash loop explained by what it logged, and nothing lost while the store was away.",
  covers: ["DD L14"],
  hosts: [
    { name: "manager-1", role: "manager", memoryMib: 1536 },
    { name: "worker-1", role: "worker" },
    { name: "worker-2", role: "worker" },
  ],
  images: ["busybox", "grafana", "logcli", "loki", "nginx", "otel-collector"],
  needs: ["vxlan"],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
