import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 25,
  slug: "private-registry",
  title: "A private registry",
  summary:
    "A registry of your own with TLS and passwords, semantic version tags, a digest pinned, a tag that moves, and a deletion that frees bytes.",
  covers: ["DD L10", "MG 11", "MI registry"],
  hosts: [
    { name: "client", role: "host" },
    { name: "depot", role: "host" },
  ],
  images: ["busybox", "registry"],
  needs: [],
  wants: [],
};

export default lab;
