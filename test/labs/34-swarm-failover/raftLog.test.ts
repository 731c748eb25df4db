import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { elections } from "../../../labs/34-swarm-failover/raftLog.ts";
import { writeAheadLog } from "./writeAheadLog.ts";

describe("elections", () => {
  it.each([
    ["a new Swarm's founder", [1, 2, 2], { led: [2], unled: [] }],
    ["a second leader", [1, 2, 2, 3, 3], { led: [2, 3], unled: [] }],
    ["elections without a majority", [1, 2, 3, 7, 7], { led: [2, 3, 7], unled: [4, 5, 6] }],
    ["an empty log", [], { led: [], unled: [] }],
  ])("of %s", (_what, terms, expected) => {
    expect(elections(writeAheadLog(terms))).toEqual(expected);
  });

  it("of any log: terms are led or not, never both, and none between is left out", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 2, max: 400 }), { minLength: 1 }), (terms) => {
        const { led, unled } = elections(writeAheadLog(terms));
        expect(new Set(led)).toEqual(new Set(terms));
        const all = [...led, ...unled].sort((a, b) => a - b);
        expect(all).toEqual(
          Array.from({ length: Math.max(...terms) - Math.min(...terms) + 1 }, (_, n) => Math.min(...terms) + n),
        );
      }),
    );
  });
});
