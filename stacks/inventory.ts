import { hostname } from "node:os";
import type Docker from "dockerode";
import { homeLabel, isGone } from "./home.ts";
import { homeOf, isSameHome, label } from "./labels.ts";
import type { SiteObject } from "./site.ts";

/** An object of a stack on the engine. */
export interface OwnObject extends SiteObject {
  kind: "container" | "network" | "volume";
  id: string;
  name: string;
  labels: Record<string, string>;
}

/** Whose objects: a stack's of one project, or any stack's. */
export interface Whose {
  project?: string;
  stack?: string;
  /** Every stack's of a cohort. */
  cohort?: string;
}

const filterOf = ({ project, stack, cohort }: Whose) => ({
  label: [
    stack === undefined ? label.stack : `${label.stack}=${stack}`,
    ...(project === undefined ? [] : [`${label.project}=${project}`]),
    ...(cohort === undefined ? [] : [`${label.cohort}=${cohort}`]),
  ],
});

/** Whether an object is this home's to remove: its own, or that of a home which this machine has no longer. */
export function isOurs(labels: Record<string, string>): boolean {
  const home = labels[label.home];
  if (home === undefined) return false;
  if (isSameHome(home, homeLabel())) return true;
  const { hostname: machine, path, id } = homeOf(home);
  return id !== undefined && machine === hostname() && isGone(path);
}

/** Containers, networks and volumes of a stack that are ours to remove. */
export async function ownObjects(engine: Docker, whose: Whose): Promise<OwnObject[]> {
  return (await labelledObjects(engine, whose)).filter(({ labels }) => isOurs(labels));
}

/** Names of a stack's containers that run. */
export async function runningContainers(engine: Docker, whose: Whose): Promise<string[]> {
  return (await engine.listContainers({ filters: filterOf(whose) }))
    .filter(({ State }) => State === "running")
    .map(({ Names }) => nameOf(Names));
}

/** Containers, networks and volumes that carry a stack's labels, whichever home made them. */
export async function labelledObjects(engine: Docker, whose: Whose): Promise<OwnObject[]> {
  const filters = filterOf(whose);
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true, filters }),
    engine.listNetworks({ filters }),
    engine.listVolumes({ filters }),
  ]);
  return [
    ...containers.map(({ Id, Names, Labels }) => ({
      kind: "container" as const,
      id: Id,
      name: nameOf(Names),
      labels: Labels,
    })),
    ...networks.map(({ Id, Name, Labels }) => ({ kind: "network" as const, id: Id, name: Name, labels: Labels ?? {} })),
    ...volumes.map(({ Name, Labels }) => ({
      kind: "volume" as const,
      id: Name,
      name: Name,
      // A volume made without labels has null here, whatever the types say.
      labels: (Labels as Record<string, string> | null) ?? {},
    })),
  ];
}

const nameOf = (names: string[]) => names[0]?.slice(1) ?? "";
