import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 14,
  slug: "overlay-vxlan",
  title: "Overlay networks and VXLAN",
  summary:
    "An attachable overlay across two hosts, its VXLAN frames and VNI caught on the wire, its MTU worked out, and an encrypted overlay that shows no plain payload.",
  covers: ["DD L7.3", "DD M7 lab 4", "MG Q16", "AT 4"],
  hosts: [
    { name: "manager-1", role: "manager" },
    { name: "worker-1", role: "worker" },
  ],
  images: ["busybox"],
  needs: ["vxlan"],
  wants: ["esp"],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
