import { lookAtWorld } from "../../doctor/gather/world.ts";
import { outerEngine } from "../../engine/outer.ts";
import { portsPerStack, slotOf } from "../../stacks/block.ts";
import { cidr } from "../../stacks/cidr.ts";
import { freeBlock, freePorts, occupiedBlocks, occupiedPorts } from "../../stacks/occupied.ts";
import { MachineError } from "../../stacks/machineError.ts";
import { project } from "../../stacks/project.ts";

/** A stack of its own that nobody keeps. */
export interface EphemeralStack {
  name: string;
  lab: string;
  /** Its `drydock:` settings. */
  settings: Record<string, unknown>;
}

/** Longest that an abandoned stack is to live, in milliseconds. */
const lifetimeMs = 2 * 60 * 60_000;

/** A stack for each lab, with addresses and ports that nothing else has, nor another of these. */
export async function ephemeralStacks(slugs: readonly string[], purpose = "verify"): Promise<EphemeralStack[]> {
  const world = await lookAtWorld(await outerEngine());
  const blocks = occupiedBlocks(world, () => true);
  const ports = occupiedPorts(world, () => true);
  const expiry = new Date(Date.now() + lifetimeMs).toISOString();
  return slugs.map((lab) => {
    const name = `${purpose}-${lab}-${process.pid.toString(36)}`;
    const slot = slotOf(project, name);
    const addresses = freeBlock(blocks, slot);
    const first = freePorts(ports, slot);
    if (addresses === undefined || first === undefined) {
      throw new MachineError(`There is no room for a stack of ${lab}.`, {
        details: [`free block of addresses: ${addresses ?? "none"}`, `free ports: ${first ?? "none"}`],
        fix: "Bring stacks down that you do not need: `./drydock audit --all` lists them.",
      });
    }
    blocks.push({ block: cidr(addresses), holder: name });
    for (let port = first; port < first + portsPerStack; port++) ports.push({ port, holder: name });
    return { name, lab, settings: { lab, addresses, ports: first, expiry } };
  });
}
