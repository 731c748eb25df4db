import fc from "fast-check";
import { expect, test } from "vitest";
import { blocks, maxHosts } from "../../../stacks/block.ts";
import { cidr, contains, formatCidr, overlaps, subnet } from "../../../stacks/cidr.ts";
import { maxSubnets, spread } from "../../../stacks/ec2/zones.ts";

const lab = fc.constantFrom(...[...blocks(0)].slice(0, 64)).map((block) => formatCidr(subnet(block, 24, 0)));
const host = fc.record({ labels: fc.record({ zone: fc.constantFrom("a", "b", "c", "d", "e") }, { requiredKeys: [] }) });
const hosts = fc.array(host, { maxLength: maxHosts });
const zones = fc.option(fc.integer({ min: 1, max: maxSubnets }), { nil: undefined });

test("subnets lie in the lab network and overlap nothing", () => {
  fc.assert(
    fc.property(lab, hosts, zones, (network, specs, count) => {
      const subnets = spread(network, specs, count).subnets.map(cidr);

      for (const one of subnets) {
        expect(contains(cidr(network), one)).toBe(true);
        expect(subnets.filter((other) => overlaps(one, other))).toEqual([one]);
      }
    }),
  );
});

test("each host has an address of its own in its subnet, and none of those that AWS keeps", () => {
  fc.assert(
    fc.property(lab, hosts, zones, (network, specs, count) => {
      const { subnets, standings } = spread(network, specs, count);

      expect(standings).toHaveLength(specs.length);
      expect(new Set(standings.map(({ address }) => address)).size).toBe(specs.length);
      for (const { subnet: index, address } of standings) {
        const own = cidr(subnets[index] ?? "");
        const place = cidr(address).first - own.first;
        // https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
        expect(place).toBeGreaterThan(3);
        expect(place).toBeLessThan(63);
      }
    }),
  );
});

test("hosts of one zone label stand together, and those of different ones apart while there are subnets", () => {
  const labels = ["a", "b", "c", "a"].map((zone) => ({ labels: { zone } }));

  expect(spread("10.192.0.0/24", labels).standings.map((standing) => standing.subnet)).toEqual([0, 1, 2, 0]);
  expect(spread("10.192.0.0/24", labels, 2).standings.map((standing) => standing.subnet)).toEqual([0, 1, 0, 0]);
});

test("hosts without a label take the zones in turn, and need but one", () => {
  const bare = [{}, {}, {}];

  expect(spread("10.192.0.0/24", bare)).toEqual({
    subnets: ["10.192.0.0/26"],
    standings: [
      { subnet: 0, address: "10.192.0.11" },
      { subnet: 0, address: "10.192.0.12" },
      { subnet: 0, address: "10.192.0.13" },
    ],
  });
  expect(spread("10.192.0.0/24", bare, 2).standings).toEqual([
    { subnet: 0, address: "10.192.0.11" },
    { subnet: 1, address: "10.192.0.76" },
    { subnet: 0, address: "10.192.0.13" },
  ]);
});
