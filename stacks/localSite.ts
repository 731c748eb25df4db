import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { specLabel } from "../provider/resources/hostContainer.ts";
import { labelledObjects, type OwnObject } from "./inventory.ts";
import { isOwn, label } from "./labels.ts";
import { onEngine } from "./onEngine.ts";
import type { Plan } from "./plan.ts";
import { prepareImages } from "./prepareImages.ts";
import { refuseOtherEngine } from "./sameEngine.ts";
import type { Site, SiteObject } from "./site.ts";
import { sweep } from "./sweep.ts";

/** Longest that the engine may take to list a stack's containers, in milliseconds. */
const listDeadlineMs = 5_000;

/** The engine that the learner's Docker client has. */
export const localSite: Site = {
  work: (command, work) => onEngine(command, work),
  refuseOther: refuseOtherEngine,
  prepare: async (plan, reporter, signal) => prepareImages(await outerEngine(), plan, reporter, signal),
  objects: async (whose) => labelledObjects(await outerEngine(), whose),

  adopts({ kind, name, labels }, plan) {
    if (kind === "volume") return true;
    const planned = [plan.network.name, ...plan.hosts.map(({ container }) => container)];
    return planned.includes(name) && (kind === "network" || specLabel in labels);
  },

  sweep: async (objects) => sweep(await outerEngine(), objects.filter(isEngines)),
  removal: ({ kind, name }) => (kind === "container" ? `docker rm --force ${name}` : `docker ${kind} rm ${name}`),
  states: async (plan) => containerStates(await outerEngine(), plan),
};

const isEngines = (object: SiteObject): object is SiteObject & OwnObject =>
  ["container", "network", "volume"].includes(object.kind);

async function containerStates(engine: Docker, { labels }: Plan): Promise<(container: string) => string> {
  const containers = await engine.listContainers({
    all: true,
    filters: { label: [label.project, label.stack].map((key) => `${key}=${labels[key] ?? ""}`) },
    abortSignal: AbortSignal.timeout(listDeadlineMs),
  });
  const own = containers.filter(({ Labels }) => isOwn(Labels, labels));
  const states = new Map(own.flatMap(({ Names, State }) => Names.map((name) => [name.slice(1), State])));
  return (name) => states.get(name) ?? "missing";
}
