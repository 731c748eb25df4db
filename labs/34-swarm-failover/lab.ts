import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 34,
  slug: "swarm-failover",
  title: "Swarm failover: workers, leaders and quorum",
  summary:
    "A service spread over three zones that outlives a lost worker, a lost leader and a lost quorum, and a Swarm brought back whole.",
  covers: ["DD L16", "AT 11.9", "MG Q22"],
  hosts: [
    { name: "manager-1", role: "manager", labels: { zone: "a" } },
    { name: "manager-2", role: "manager", labels: { zone: "b" } },
    { name: "manager-3", role: "manager", labels: { zone: "c" } },
    { name: "worker-1", role: "worker", labels: { zone: "a" } },
    { name: "worker-2", role: "worker", labels: { zone: "b" } },
  ],
  images: ["busybox", "nginx"],
  needs: ["vxlan"],
  wants: ["ipvs"],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
