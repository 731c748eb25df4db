import fc from "fast-check";
import { expect, test } from "vitest";
import { planSeats, seatName, type Place, type Seat, type SeatsInput } from "../../cohort/seats.ts";
import { portsPerStack } from "../../stacks/block.ts";
import { cidr, overlaps } from "../../stacks/cidr.ts";
import { learnerId } from "../../stacks/settings.ts";

const nothing = { blocks: [], ports: [] };
const placesOf = (seats: readonly Seat[]): Map<string, Place> =>
  new Map(seats.map(({ stack, addresses, ports }) => [stack, { addresses, ports }]));

const ids = fc.uniqueArray(fc.stringMatching(learnerId), { minLength: 1, maxLength: 30 });
const input = fc.record({
  cohort: fc.constantFrom("class", "c1"),
  learners: ids.map((all) => all.map((id) => ({ id }))),
  labs: fc.constantFrom(["swarm-basics"], ["swarm-basics", "tracing"]),
  occupied: fc.record({
    blocks: fc.array(
      fc
        .integer({ min: 0, max: 255 })
        .map((n) => ({ block: cidr(`10.${192 + (n >> 3)}.${(n & 7) << 5}.0/20`), holder: "x" })),
      { maxLength: 100 },
    ),
    ports: fc.array(
      fc.integer({ min: 20000, max: 28000 }).map((port) => ({ port, holder: "x" })),
      { maxLength: 20 },
    ),
  }),
});
const plan = (given: Omit<SeatsInput, "kept">, kept: ReadonlyMap<string, Place> = new Map()) =>
  planSeats({ ...given, kept });

test("every learner has a stack for every lab, and no two share an address or a port, nor anybody else's", () => {
  fc.assert(
    fc.property(input, (given) => {
      const seats = plan(given);
      expect(seats).toHaveLength(given.learners.length * given.labs.length);
      const blocks = [
        ...seats.map(({ addresses }) => cidr(addresses)),
        ...given.occupied.blocks.map(({ block }) => block),
      ];
      for (const [index, { addresses, ports }] of seats.entries()) {
        for (const [other, block] of blocks.entries())
          expect(index !== other && overlaps(cidr(addresses), block), addresses).toBe(false);
        for (const [other, seat] of seats.entries())
          expect(index === other || Math.abs(seat.ports - ports) >= portsPerStack).toBe(true);
        expect(given.occupied.ports.some(({ port }) => port >= ports && port < ports + portsPerStack)).toBe(false);
      }
    }),
    { numRuns: 30 },
  );
});

test("who stays keeps what they have, whoever comes or leaves, in whatever order", () => {
  fc.assert(
    fc.property(input, fc.nat(), ids, (given, leaver, more) => {
      const before = placesOf(plan(given));
      const known = new Set(given.learners.map(({ id }) => id));
      const staying = given.learners.filter((_, index) => index !== leaver % given.learners.length);
      const learners = [...more.filter((id) => !known.has(id)).map((id) => ({ id })), ...staying.toReversed()];
      const after = placesOf(plan({ ...given, learners }, before));
      for (const { id } of staying)
        for (const lab of given.labs) {
          const stack = seatName(given.cohort, id, lab);
          expect(after.get(stack)).toEqual(before.get(stack));
        }
    }),
    { numRuns: 30 },
  );
});

test("the same input gives the same plan", () => {
  fc.assert(
    fc.property(input, (given) => {
      expect(plan(given)).toEqual(plan(given));
    }),
    { numRuns: 20 },
  );
});

test("two stacks of one name are refused", () => {
  const learners = [{ id: "a" }, { id: "a-b" }];
  const labs = ["c", "b-c"];
  expect(() => planSeats({ cohort: "x", learners, labs, kept: new Map(), occupied: nothing })).toThrow(
    /one name:.*x-a-b-c: a in b-c and a-b in c/s,
  );
});

test("where there is no room the stack is named", () => {
  const occupied = { ...nothing, blocks: [{ block: cidr("0.0.0.0/0"), holder: "x" }] };
  expect(() => planSeats({ cohort: "x", learners: [{ id: "a" }], labs: ["c"], kept: new Map(), occupied })).toThrow(
    /no room for the stack x-a-c.*free block of addresses: none/s,
  );
});
