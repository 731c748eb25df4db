import type { Lab } from "../labs/lab.ts";

/** The overlay network of the lab that is measured. */
export const overlay = "app";

/** The lab that is measured, in no catalogue: a Swarm of one manager and workers, with an overlay network. */
export function benchLab(hosts: number): Lab {
  const workers = Array.from({ length: hosts - 1 }, (_, index) => `worker-${index + 1}`);
  return {
    number: 0,
    slug: `bench-${hosts}`,
    title: `A Swarm of ${hosts} hosts`,
    summary: "What `drydock bench` measures.",
    covers: [],
    hosts: [{ name: "manager-1", role: "manager" }, ...workers.map((name) => ({ name, role: "worker" as const }))],
    images: ["busybox", "nginx"],
    needs: ["vxlan"],
    wants: [],
    build: async () => (await import("./build.ts")).build,
  };
}
