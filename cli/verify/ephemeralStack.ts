import { randomInt } from "node:crypto";
import { join } from "node:path";
import { lookAtWorld } from "../../doctor/gather/world.ts";
import { outerEngine } from "../../engine/outer.ts";
import { portsPerStack, slotOf } from "../../stacks/block.ts";
import { cidr } from "../../stacks/cidr.ts";
import { freeBlock, freePorts, occupiedBlocks, occupiedPorts } from "../../stacks/occupied.ts";
import { homeFolder } from "../../stacks/home.ts";
import { MachineError } from "../../stacks/machineError.ts";
import { project } from "../../stacks/project.ts";

/** A stack of its own that nobody keeps. */
export interface EphemeralStack {
  name: string;
  lab: string;
  /** Its block of addresses and its first port. */
  addresses: string;
  ports: number;
  /** Its `drydock:` settings. */
  settings: Record<string, unknown>;
}

/** The lock that a run holds on its stack from beginning to end: nobody's is abandoned. */
export const runLock = (stack: string): string => join(homeFolder(), "locks", `run-${stack}`);

/** Longest that an abandoned stack is to live, in milliseconds. */
const lifetimeMs = 2 * 60 * 60_000;

/**
 * A stack for a lab, with addresses and ports that nothing has now.
 * @param beside Stacks of this process that may not be up yet; this one is added to them.
 */
export async function ephemeralStack(
  lab: string,
  { purpose = "verify", beside = [] }: { purpose?: string; beside?: EphemeralStack[] } = {},
): Promise<EphemeralStack> {
  const world = await lookAtWorld(await outerEngine());
  const blocks = [
    ...occupiedBlocks(world, () => true),
    ...beside.map(({ name, addresses }) => ({ block: cidr(addresses), holder: name })),
  ];
  const ports = [
    ...occupiedPorts(world, () => true),
    ...beside.flatMap(({ name, ports: first }) =>
      Array.from({ length: portsPerStack }, (_, index) => ({ port: first + index, holder: name })),
    ),
  ];
  const name = `${purpose}-${lab}-${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, "0")}`;
  const slot = slotOf(project, name);
  const addresses = freeBlock(blocks, slot);
  const first = freePorts(ports, slot);
  if (addresses === undefined || first === undefined) {
    throw new MachineError(`There is no room for a stack of ${lab}.`, {
      details: [`free block of addresses: ${addresses ?? "none"}`, `free ports: ${first ?? "none"}`],
      fix: "Bring stacks down that you do not need: `./drydock audit --all` lists them.",
    });
  }
  const expiry = new Date(Date.now() + lifetimeMs).toISOString();
  const stack = { name, lab, addresses, ports: first, settings: { lab, addresses, ports: first, expiry } };
  beside.push(stack);
  return stack;
}
