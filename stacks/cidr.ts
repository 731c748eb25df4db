import { isIPv4 } from "node:net";

/** A block of IPv4 addresses. */
export interface Cidr {
  /** First address, as a number. */
  first: number;
  /** Prefix length, 0 to 32. */
  bits: number;
}

const toNumber = (address: string): number =>
  address.split(".").reduce((number, octet) => number * 256 + Number(octet), 0);

/** The `index`th address of a block, as dotted decimals. */
export function address(block: Cidr, index: number): string {
  const number = block.first + index;
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** The `index`th block of `bits` length inside `block`. */
export function subnet(block: Cidr, bits: number, index: number): Cidr {
  return { first: block.first + index * 2 ** (32 - bits), bits };
}

/** The block of `bits` length that holds the first address of `block`. */
export function enclosing(block: Cidr, bits: number): Cidr {
  return { first: block.first - (block.first % 2 ** (32 - bits)), bits };
}

/** Reads "10.0.0.0/8", or an address alone as a /32; undefined for anything else, IPv6 included. Host bits are kept. */
export function parseCidr(text: string): Cidr | undefined {
  const [network = "", bits = "32", ...rest] = text.split("/");
  if (rest.length > 0 || !isIPv4(network) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(bits)) return undefined;
  return { first: toNumber(network), bits: Number(bits) };
}

/** Like `parseCidr`, for what is known to be a CIDR. */
export function cidr(text: string): Cidr {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(`not a CIDR: ${text}`);
  return block;
}

export const formatCidr = (block: Cidr): string => `${address(block, 0)}/${block.bits}`;

/** Whether two blocks are one, host bits aside. */
export const equals = (a: Cidr, b: Cidr): boolean => contains(a, b) && contains(b, a);

/** Whether every address of `inner` is in `outer`. */
export const contains = (outer: Cidr, inner: Cidr): boolean =>
  outer.bits <= inner.bits && enclosing(inner, outer.bits).first === enclosing(outer, outer.bits).first;

export const overlaps = (a: Cidr, b: Cidr): boolean => contains(a, b) || contains(b, a);
