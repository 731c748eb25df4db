import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 26,
  slug: "pull-through-cache",
  title: "A pull-through cache",
  summary:
    "A cache of another registry that two engines use as their mirror: it fetches an image once, and serves it with its upstream cut off.",
  covers: ["DD L10"],
  hosts: [
    { name: "upstream", role: "host" },
    { name: "mirror", role: "host" },
    { name: "host-1", role: "host" },
    { name: "host-2", role: "host" },
  ],
  images: ["busybox", "nginx", "registry"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
