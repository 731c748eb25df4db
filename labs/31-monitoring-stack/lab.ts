import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 31,
  slug: "monitoring-stack",
  title: "A monitoring stack: metrics, a dashboard, an alert",
  summary:
    "Engine, host and container metrics of three hosts in one Prometheus, a dashboard whose queries all answer, and alerts that fired and cleared.",
  covers: ["DD L14", "MG 12", "MG Q19"],
  hosts: [
    { name: "manager-1", role: "manager", memoryMib: 1536 },
    { name: "worker-1", role: "worker" },
    { name: "worker-2", role: "worker" },
  ],
  images: ["alertmanager", "busybox", "cadvisor", "grafana", "nginx", "node-exporter", "prometheus"],
  needs: ["vxlan"],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
