import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 33,
  slug: "swarm-basics",
  title: "Swarm from three bare hosts",
  summary: "A Swarm of three hosts formed by hand, with a scaled and updated service, a stack, a secret and a config.",
  covers: ["AT 11.8", "MG 13", "MG Q15", "DD M16"],
  hosts: [
    { name: "host-1", role: "host" },
    { name: "host-2", role: "host" },
    { name: "host-3", role: "host" },
  ],
  images: ["busybox", "nginx"],
  needs: ["vxlan"],
  wants: ["ipvs"],
};

export default lab;
