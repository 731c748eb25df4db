import type Docker from "dockerode";
import { lookAtWorld } from "../doctor/gather/world.ts";
import type { LabImages } from "../images/labImages.ts";
import type { Lab } from "../labs/lab.ts";
import { slotOf } from "../stacks/block.ts";
import { parseConfig } from "../stacks/config.ts";
import { homeLabel } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { freeBlock, freePorts, occupiedBlocks, occupiedPorts } from "../stacks/occupied.ts";
import { planStack } from "../stacks/plan.ts";
import { project } from "../stacks/project.ts";
import { benchLab } from "./lab.ts";
import { stackName } from "./stackName.ts";
import { topologyOf, type Topology } from "./topology.ts";
import type { VariantName } from "./variant.ts";

/** A way to a topology of its own. */
export interface Way {
  name: VariantName;
  topology: Topology;
}

/** The ways to one number of hosts. */
export interface Size {
  hosts: number;
  ways: Way[];
}

export interface TopologiesOptions {
  ways: readonly VariantName[];
  sizes: readonly number[];
  images: LabImages;
  engineUrl: string;
}

/** Longest that the stacks of a killed measurement are to live, in milliseconds. */
const lifetimeMs = 2 * 60 * 60_000;

/** A topology for each size and way. One is there at a time, so all have the same addresses and ports. */
export async function topologies(
  engine: Docker,
  { ways, sizes, images, engineUrl }: TopologiesOptions,
): Promise<Size[]> {
  const place = await freePlace(engine);
  const topology = (way: VariantName, hosts: number) =>
    topologyAt(place, { lab: benchLab(hosts), stack: stackName(way, hosts), images, engineUrl });
  return Promise.all(
    sizes.map(async (hosts) => ({
      hosts,
      ways: await Promise.all(ways.map(async (name) => ({ name, topology: await topology(name, hosts) }))),
    })),
  );
}

/** Addresses and ports that nothing else has. */
export interface Place {
  addresses: string;
  ports: number;
}

/** What a stack of a lab would be at a place. */
export function topologyAt(
  { addresses, ports }: Place,
  { lab, stack, images, engineUrl }: { lab: Lab; stack: string; images: LabImages; engineUrl: string },
): Promise<Topology> {
  const expiry = new Date(Date.now() + lifetimeMs).toISOString();
  const raw = { lab: lab.slug, addresses, ports, expiry };
  const settings = Object.fromEntries(Object.entries(raw).map(([key, value]) => [`${project}:${key}`, value]));
  const config = parseConfig(settings, { stack, labs: [lab.slug] });
  return topologyOf(planStack({ project, stack, config, lab, home: homeLabel() }), images, engineUrl);
}

/** @throws MachineError when there is no room for a stack. */
export async function freePlace(engine: Docker): Promise<Place> {
  const world = await lookAtWorld(engine);
  const slot = slotOf(project, stackName("ours", 0));
  const blocks = occupiedBlocks(world, () => true);
  const taken = occupiedPorts(world, () => true);
  const addresses = freeBlock(blocks, slot);
  const ports = freePorts(taken, slot);
  if (addresses === undefined || ports === undefined) {
    throw new MachineError("There is no room for a stack to measure.", {
      details: [`free block of addresses: ${addresses ?? "none"}`, `free ports: ${ports ?? "none"}`],
      fix: "Bring stacks down that you do not need: `drydock audit --all` lists them.",
    });
  }
  return { addresses, ports };
}
