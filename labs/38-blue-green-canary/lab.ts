import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 38,
  slug: "blue-green-canary",
  title: "Blue-green and canary: a new version, a few requests at a time",
  summary:
    "Traefik in front of two versions: testers see the new one first, then every tenth request, a broken one is taken back, and under load all goes over to green and back without a failed request.",
  covers: ["MG 21", "DD M15"],
  hosts: [
    { name: "edge", role: "host" },
    { name: "blue", role: "host" },
    { name: "green", role: "host" },
  ],
  images: ["nginx", "traefik"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
