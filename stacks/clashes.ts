import { slotOf } from "./block.ts";
import { cidr, overlaps } from "./cidr.ts";
import { setFix } from "./configProblems.ts";
import { isOwn, label, ownerOf } from "./labels.ts";
import {
  freeBlock,
  freePorts,
  occupiedBlocks,
  occupiedPorts,
  type OccupiedBlock,
  type OccupiedPort,
} from "./occupied.ts";
import type { Plan } from "./plan.ts";
import { described, type EngineObject, type World } from "./world.ts";

/** Something that a plan needs and another has. */
export interface Clash {
  /** The setting or object of ours. */
  ours: string;
  /** Who has it. */
  holder: string;
  /** A sentence: what to run or to do. */
  fix: string;
}

/**
 * All that stands in a plan's way. What the stack itself made before does not; what a stack of the same name made from
 * another home is one clash, whatever it has.
 */
export function findClashes(plan: Plan, world: World): Clash[] {
  const isForeign = (object: EngineObject) => !isOwn(object.labels, plan.labels);
  const isStranger = (object: EngineObject) => isForeign(object) && rivalHome(plan, object) === undefined;
  const slot = slotOf(plan.project, plan.stack);

  const homes = [...world.networks, ...world.containers, ...world.volumes, ...world.contexts].map((object) =>
    rivalHome(plan, object),
  );
  const rivals = [...new Set(homes)].filter((home) => home !== undefined).toSorted();
  const block = freeBlock(occupiedBlocks(world, isForeign), slot);
  const ports = freePorts(occupiedPorts(world, isForeign), slot);
  return [
    ...rivals.map((home) => homeClash(plan, home)),
    ...nameClashes(plan, world, isStranger),
    ...addressClashes(plan, occupiedBlocks(world, isStranger), block),
    ...portClashes(plan, occupiedPorts(world, isStranger), ports),
  ];
}

/** The other home whose stack of the same name made an object; undefined for all else. */
function rivalHome({ project, stack, labels }: Plan, object: EngineObject): string | undefined {
  const owner = ownerOf(object.labels);
  const sameName = owner?.project === project && owner.stack === stack;
  return sameName && !isOwn(object.labels, labels) ? owner.home : undefined;
}

function homeClash({ stack }: Plan, home: string): Clash {
  return {
    ours: `stack ${stack}`,
    holder: `stack ${stack} of another Drydock home, ${home}`,
    fix:
      `Run ./drydock down --stack ${stack} there, or here when that home is gone; ` +
      "or take another name here: ./drydock up --stack NAME",
  };
}

function nameClashes(plan: Plan, world: World, isStranger: (object: EngineObject) => boolean): Clash[] {
  const containers = [plan.registry.container, ...plan.hosts.map(({ container }) => container)];
  const volumes = plan.hosts.map(({ volume }) => volume);
  const contexts = plan.hosts.map(({ container }) => container);
  const kinds = [
    { kind: "network", names: [plan.network.name], objects: world.networks, remove: "docker network rm" },
    { kind: "container", names: containers, objects: world.containers, remove: "docker rm --force" },
    { kind: "volume", names: volumes, objects: world.volumes, remove: "docker volume rm" },
    { kind: "Docker context", names: contexts, objects: world.contexts, remove: "docker context rm" },
  ];
  return kinds.flatMap(({ kind, names, objects, remove }) =>
    objects
      .filter((object) => names.includes(object.name) && isStranger(object))
      .map((object) => ({
        ours: `${kind} ${object.name}`,
        holder: described(kind, object),
        fix: `Take another name for the stack: ./drydock up --stack NAME, or remove it: ${remove} ${object.name}`,
      })),
  );
}

/** How a stack gets another place: by its file or, for a learner's, by its cohort's next plan. */
function otherPlace(setting: "addresses" | "ports", free: string | number, { stack, labels }: Plan): string {
  const { [label.cohort]: cohort } = labels;
  if (cohort === undefined) return setFix(setting, free, stack);
  return `Free it, or run ./drydock down --stack ${stack}, and ./drydock cohort up --stack ${cohort} finds another place.`;
}

function addressClashes(plan: Plan, occupied: OccupiedBlock[], free: string | undefined): Clash[] {
  const block = cidr(plan.addresses);
  const fix = free === undefined ? "Remove it: no other block is free." : otherPlace("addresses", free, plan);
  return occupied
    .filter((other) => overlaps(other.block, block))
    .map(({ holder }) => ({ ours: `drydock:addresses ${plan.addresses}`, holder, fix }));
}

function portClashes(plan: Plan, occupied: OccupiedPort[], free: number | undefined): Clash[] {
  const fix = free === undefined ? "Free it: no other range is free." : otherPlace("ports", free, plan);
  const uses = plan.hosts.map(({ name, sshPort }) => ({ port: sshPort, use: `SSH of ${name}` }));
  return uses.flatMap(({ port, use }) =>
    occupied
      .filter((other) => other.port === port)
      .map(({ holder }) => ({ ours: `drydock:ports, port ${port} (${use})`, holder, fix })),
  );
}
