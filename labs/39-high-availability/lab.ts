import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 39,
  slug: "high-availability",
  title: "High availability: replicas, load balancers and who may die",
  summary:
    "HAProxy in front of three replicas, a second one beside it, and counted requests: a replica, then a load balancer dies under load, and no more than the health check's window is lost.",
  covers: ["MG 22"],
  hosts: [
    { name: "node-1", role: "host" },
    { name: "node-2", role: "host" },
    { name: "node-3", role: "host" },
  ],
  images: ["haproxy", "nginx"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
