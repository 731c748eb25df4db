import type Docker from "dockerode";
import { lookAtWorld } from "../../../doctor/gather/world.ts";
import { slotOf } from "../../../stacks/block.ts";
import { freeBlock, freePorts, occupiedBlocks, occupiedPorts } from "../../../stacks/occupied.ts";
import { project } from "../../../stacks/project.ts";

/** Settings of a stack that say where it is. */
export interface Place {
  addresses: string;
  ports: number;
}

/** Addresses and ports that nothing on this machine uses. */
export async function freePlace(engine: Docker, stack: string): Promise<Place> {
  const world = await lookAtWorld(engine);
  const slot = slotOf(project, stack);
  const addresses = freeBlock(
    occupiedBlocks(world, () => true),
    slot,
  );
  const ports = freePorts(
    occupiedPorts(world, () => true),
    slot,
  );
  if (addresses === undefined || ports === undefined) throw new Error("no addresses or no ports are free");
  return { addresses, ports };
}
