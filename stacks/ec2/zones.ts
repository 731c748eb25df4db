import { address, cidr, formatCidr, subnet } from "../cidr.ts";
import type { HostSpec } from "../../labs/lab.ts";

const subnetBits = 26;

/** Subnets that a lab network has room for. */
export const maxSubnets = 4;

/** First host's place in a subnet, past the five addresses that AWS keeps of each. */
const firstHost = 11;

/** Where a host stands: which of the subnets, and its address in it. */
export interface Standing {
  subnet: number;
  address: string;
}

/** Hosts over subnets, each of which is in a zone of its own. */
export interface Spread {
  /** In CIDR. */
  subnets: string[];
  /** In the order of the hosts. */
  standings: Standing[];
}

/**
 * Spreads hosts over subnets of a lab network: those with one `zone` label together, and those without in turn.
 * @param lab The lab network, a /24.
 * @param zones How many zones there are to spread over; by default as many as there are labels, or one.
 */
export function spread(lab: string, hosts: readonly Pick<HostSpec, "labels">[], zones?: number): Spread {
  const block = cidr(lab);
  const labels = [...new Set(hosts.flatMap(({ labels }) => labels?.zone ?? []))].toSorted();
  const count = Math.min(zones ?? Math.max(1, labels.length), maxSubnets);
  const blocks = Array.from({ length: count }, (_, index) => subnet(block, subnetBits, index));
  return {
    subnets: blocks.map(formatCidr),
    standings: hosts.map(({ labels: { zone } = {} }, number) => {
      const index = (zone === undefined ? number : labels.indexOf(zone)) % count;
      return { subnet: index, address: address(subnet(block, subnetBits, index), firstHost + number) };
    }),
  };
}
