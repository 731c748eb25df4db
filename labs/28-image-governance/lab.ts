import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 28,
  slug: "image-governance",
  title: "Image governance: an engine that asks before it acts",
  summary:
    "Every engine action is asked of Open Policy Agent and stands in an audit log without secrets; only images of one registry, pinned by digest, may run, and without its policy server the engine refuses.",
  covers: ["MG 25"],
  hosts: [
    { name: "hub", role: "host" },
    { name: "node", role: "host" },
  ],
  images: ["busybox", "nginx", "opa", "registry"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
