import type { Lab } from "../lab.ts";

const lab: Lab = {
  number: 27,
  slug: "supply-chain",
  title: "Supply chain: SBOM, scan and signature",
  summary:
    "An SBOM, a scan with a gate on severity, signatures and attestations by a key of your own, and a host that refuses what is unsigned or fails.",
  covers: ["EM 10", "DD L11", "AT 11.3", "MG Q13", "MG Q24"],
  hosts: [
    { name: "build", role: "host" },
    { name: "prod", role: "host" },
  ],
  images: ["busybox", "cosign", "nginx", "osv-scanner", "registry", "syft"],
  needs: [],
  wants: [],
  build: async () => (await import("./build.ts")).build,
};

export default lab;
