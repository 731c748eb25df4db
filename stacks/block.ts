import { createHash } from "node:crypto";
import { address, cidr, contains, enclosing, formatCidr, parseCidr, subnet, type Cidr } from "./cidr.ts";

/** Prefix length of a stack's block of addresses. */
const blockBits = 19;
/** Slots that stacks are spread over by default, each with a block and ports of its own. */
export const slots = 256;
/** Loopback ports of a stack: one a host. */
export const portsPerStack = 32;
/** Where a stack's ports may begin: past the privileged ones, and so that the last of them is a port. */
export const minFirstPort = 1024;
export const maxFirstPort = 65535 - portsPerStack + 1;
/** Hosts that a stack has addresses and ports for. */
export const maxHosts = portsPerStack;

const defaultRange = cidr("10.192.0.0/11");
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].map(cidr);

/** The slot of a stack that names neither addresses nor ports: a hash, the same on every machine. */
export function slotOf(project: string, stack: string): number {
  return createHash("sha256").update(`${project}/${stack}`).digest().readUInt8(0);
}

/** The block of addresses of a slot, within 10.192.0.0/11. */
export const blockOfSlot = (slot: number): Cidr => subnet(defaultRange, blockBits, slot);

/** The first loopback port of a slot. */
export const portOfSlot = (slot: number): number => 20000 + portsPerStack * slot;

/** Reads a stack's block: a /19 on its own boundary in a private range; undefined for anything else. */
export function parseBlock(text: string): Cidr | undefined {
  const block = parseCidr(text);
  return block?.bits === blockBits && isStackBlock(block) ? block : undefined;
}

/** The /19 that was probably meant by a CIDR that is no stack's block, e.g. the one around 10.1.5.0/24. */
export function nearestBlock(text: string): string | undefined {
  const block = parseCidr(text);
  const nearest = block && enclosing(block, blockBits);
  return nearest && isStackBlock(nearest) ? formatCidr(nearest) : undefined;
}

/** Whether a block holds one of the private ranges whole. */
export const containsPrivateRange = (block: Cidr): boolean => privateRanges.some((inner) => contains(block, inner));

/** Every block that a stack may have: those of the slots, from `slot` on and round, then the rest. */
export function* blocks(slot: number): Generator<Cidr> {
  for (let index = 0; index < slots; index++) yield blockOfSlot((slot + index) % slots);
  for (const outer of privateRanges) {
    for (let index = 0; index < 2 ** (blockBits - outer.bits); index++) yield subnet(outer, blockBits, index);
  }
}

function isStackBlock(block: Cidr): boolean {
  return enclosing(block, blockBits).first === block.first && privateRanges.some((outer) => contains(outer, block));
}

/** How a stack's block is divided. Hosts are numbered from 0. */
export function layout(block: Cidr) {
  const lab = subnet(block, 24, 0);
  const engine = subnet(block, 22, 1);
  const overlay = subnet(block, 20, 1);
  return {
    network: { subnet: formatCidr(lab), gateway: address(lab, 1) },
    registry: address(lab, 2),
    host: (number: number) => address(lab, 11 + number),
    /** Of the container around a virtual machine. */
    around: (number: number) => address(lab, 139 + number),
    enginePool: { bip: `${address(engine, 1)}/26`, base: formatCidr(engine), size: 26 },
    swarm: {
      overlayBase: formatCidr(overlay),
      overlaySize: 24,
    },
  };
}
