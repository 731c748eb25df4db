import { readFile } from "node:fs/promises";
import { VisibleError } from "../stacks/visibleError.ts";
import overlayVxlan from "./14-overlay-vxlan/lab.ts";
import privateRegistry from "./25-private-registry/lab.ts";
import pullThroughCache from "./26-pull-through-cache/lab.ts";
import supplyChain from "./27-supply-chain/lab.ts";
import imageGovernance from "./28-image-governance/lab.ts";
import loggingDrivers from "./29-logging-drivers/lab.ts";
import loggingStack from "./30-logging-stack/lab.ts";
import monitoringStack from "./31-monitoring-stack/lab.ts";
import tracing from "./32-tracing/lab.ts";
import swarmBasics from "./33-swarm-basics/lab.ts";
import swarmFailover from "./34-swarm-failover/lab.ts";
import blueGreenCanary from "./38-blue-green-canary/lab.ts";
import highAvailability from "./39-high-availability/lab.ts";
import type { Check } from "./check.ts";
import { parseGuide, type Guide } from "./guide.ts";
import type { Lab } from "./lab.ts";
import { knownNames } from "./suggest.ts";

/** Every lab by its slug: adding one is a folder `NN-slug/` and a line here. */
export const labs: Record<string, Lab> = {
  "overlay-vxlan": overlayVxlan,
  "private-registry": privateRegistry,
  "pull-through-cache": pullThroughCache,
  "supply-chain": supplyChain,
  "image-governance": imageGovernance,
  "logging-drivers": loggingDrivers,
  "logging-stack": loggingStack,
  "monitoring-stack": monitoringStack,
  tracing,
  "swarm-basics": swarmBasics,
  "swarm-failover": swarmFailover,
  "blue-green-canary": blueGreenCanary,
  "high-availability": highAvailability,
};

/** A lab with its lesson and its grading, each read when it is asked for. */
export interface LoadedLab {
  lab: Lab;
  /** Its folder, as a file URL that ends with a slash. */
  folder: URL;
  guide: () => Promise<Guide>;
  checks: () => Promise<readonly Check[]>;
}

/** The lab of that slug; an unknown one is answered by the nearest and by all that are known. */
export function loadLab(slug: string): LoadedLab {
  const lab = Object.hasOwn(labs, slug) ? labs[slug] : undefined;
  if (!lab) {
    throw new VisibleError(`There is no lab "${slug}".`, {
      details: [knownNames(slug, Object.keys(labs))],
      fix: "`./drydock list` tells what each is about.",
    });
  }
  const name = `${String(lab.number).padStart(2, "0")}-${slug}`;
  const folder = new URL(`${name}/`, import.meta.url);
  return {
    lab,
    folder,
    guide: async () =>
      parseGuide(await readFile(new URL("guide.md", folder), "utf8"), {
        hosts: lab.hosts.map((host) => host.name),
        file: `labs/${name}/guide.md`,
      }),
    checks: async () => ((await import(new URL("checks.ts", folder).href)) as { default: Check[] }).default,
  };
}
