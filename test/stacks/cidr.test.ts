import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains, formatCidr, overlaps, parseCidr, type Cidr } from "../../stacks/cidr.ts";
import { meet, within } from "./ranges.ts";

const cidr = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([address, bits]) => `${address}/${bits}`);
/** Blocks near each other, so that many overlap. */
const near = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 6, max: 32 }))
  .map(([a, b, bits]) => `10.${a}.${b}.0/${bits}`);

const parse = (text: string): Cidr => {
  const block = parseCidr(text);
  if (block === undefined) throw new Error(text);
  return block;
};

describe("CIDR blocks", () => {
  it("are read and written alike", () => {
    fc.assert(
      fc.property(cidr, (text) => {
        expect(formatCidr(parse(text))).toBe(text);
      }),
    );
  });

  it("overlap and contain as their ranges of addresses do", () => {
    fc.assert(
      fc.property(near, near, (a, b) => {
        expect(overlaps(parse(a), parse(b))).toBe(meet(a, b));
        expect(contains(parse(a), parse(b))).toBe(within(b, a));
      }),
    );
  });

  it.each([
    "default",
    "",
    "10.0.0.0/33",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "10.0.0/8",
    "256.0.0.0/8",
    "fd00::/8",
    "10.0.0.0/08",
  ])("are not read from %j", (text) => expect(parseCidr(text)).toBeUndefined());
});
