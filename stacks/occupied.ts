import { blocks, containsPrivateRange, portOfSlot, portsPerStack, slots } from "./block.ts";
import { enclosing, equals, formatCidr, overlaps, parseCidr, type Cidr } from "./cidr.ts";
import { described, type EngineObject, type World } from "./world.ts";

/** Addresses in use. */
export interface OccupiedBlock {
  block: Cidr;
  /** In words, e.g. "network web of stack dev (home box:/srv/drydock)". */
  holder: string;
}

/** A port of the machine in use. */
export interface OccupiedPort {
  port: number;
  holder: string;
}

/**
 * The addresses that the objects which `isOthers` picks and the machine's routes have. A route into one of the engine's
 * networks is that network's; a route to a whole private range or more only says where the rest goes.
 */
export function occupiedBlocks(world: World, isOthers: (object: EngineObject) => boolean): OccupiedBlock[] {
  const networks = world.networks
    .filter(isOthers)
    .flatMap((network) => network.subnets.flatMap((subnet) => occupied(subnet, described("network", network))));
  const bridged = world.networks.flatMap(({ subnets }) => subnets.flatMap((subnet) => wholeBlock(subnet) ?? []));
  const routes = world.routes
    .flatMap(({ destination, device }) => occupied(destination, `interface ${device}`))
    .filter(({ block }) => !bridged.some((bridge) => equals(bridge, block)) && !containsPrivateRange(block));
  return [...networks, ...routes];
}

/** Text that is no IPv4 block, such as "default", occupies nothing. */
function occupied(text: string, holder: string): OccupiedBlock[] {
  const block = wholeBlock(text);
  return block === undefined ? [] : [{ block, holder: `${holder} (${formatCidr(block)})` }];
}

/** The block that an address with its prefix length stands in. */
function wholeBlock(text: string): Cidr | undefined {
  const block = parseCidr(text);
  return block && enclosing(block, block.bits);
}

/** The ports that containers which `isOthers` picks publish, and those that processes besides containers listen on. */
export function occupiedPorts(world: World, isOthers: (object: EngineObject) => boolean): OccupiedPort[] {
  const published = new Set(world.containers.flatMap(({ ports }) => ports));
  return [
    ...world.containers
      .filter(isOthers)
      .flatMap((container) => container.ports.map((port) => ({ port, holder: described("container", container) }))),
    ...world.listeningPorts
      .filter(({ port }) => !published.has(port))
      .map(({ port, holder }) => ({ port, holder: holder ?? "a process on this machine" })),
  ];
}

/** A block for a stack that overlaps nothing occupied, the default ones first, from a slot on. */
export function freeBlock(occupied: OccupiedBlock[], slot: number): string | undefined {
  for (const block of blocks(slot)) {
    if (!occupied.some((other) => overlaps(other.block, block))) return formatCidr(block);
  }
  return undefined;
}

/** A first port after which all of a stack's ports are free, from a slot on. */
export function freePorts(occupied: OccupiedPort[], slot: number): number | undefined {
  return Array.from({ length: slots }, (_, index) => portOfSlot((slot + index) % slots)).find(
    (first) => !occupied.some(({ port }) => port >= first && port < first + portsPerStack),
  );
}
