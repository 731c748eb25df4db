import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { isRemote } from "../engine/remoteMachine.ts";
import { specLabel } from "../provider/resources/hostContainer.ts";
import { labelledObjects, type OwnObject } from "./inventory.ts";
import { isOwn, label } from "./labels.ts";
import { onEngine } from "./onEngine.ts";
import type { Plan } from "./plan.ts";
import { bringImages, prepareImages } from "./prepareImages.ts";
import { refuseOtherEngine } from "./sameEngine.ts";
import type { Site, SiteObject } from "./site.ts";
import { sweep } from "./sweep.ts";

/** Longest that the engine may take to list a stack's containers, in milliseconds. */
const listDeadlineMs = 5_000;

/** An engine by its URL: the local one, or that of another machine. */
export const engineSite = (url: string): Site => ({
  name: url,
  isElsewhere: isRemote(url),
  work: (command, work) => onEngine(command, url, work),
  refuseOther: (stack, state) => refuseOtherEngine(stack, state, url),
  bring: async (plan, reporter) => bringImages(await outerEngine(url), url, plan, reporter),
  prepare: async (plan, reporter, signal) => prepareImages(await outerEngine(url), plan, reporter, signal),
  objects: async (whose) => labelledObjects(await outerEngine(url), whose),

  adopts({ kind, name, labels }, plan) {
    if (kind === "volume") return true;
    const planned = [plan.network.name, ...plan.hosts.map(({ container }) => container)];
    return planned.includes(name) && (kind === "network" || specLabel in labels);
  },

  sweep: async (objects) => sweep(await outerEngine(url), objects.filter(isEngines)),

  removal({ kind, name }) {
    const docker = isRemote(url) ? `docker --host ${url}` : "docker";
    return kind === "container" ? `${docker} rm --force ${name}` : `${docker} ${kind} rm ${name}`;
  },

  states: async (plan) => containerStates(await outerEngine(url), plan),
});

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
