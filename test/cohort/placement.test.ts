import fc from "fast-check";
import { expect, test } from "vitest";
import { placeLearners, type Need, type Room } from "../../cohort/placement.ts";

const urls = ["ssh://lab1", "ssh://lab2", "ssh://lab3"] as const;
const room = (url: string) =>
  fc.record({
    url: fc.constant(url),
    memoryMib: fc.integer({ min: 0, max: 20_000 }),
    diskMib: fc.integer({ min: 0, max: 100_000 }),
    cpus: fc.integer({ min: 1, max: 64 }),
  });
const rooms = fc.tuple(...urls.map(room)).map((all): Room[] => all);
const needs = fc.uniqueArray(
  fc.record({
    learner: fc.stringMatching(/^[a-z]{1,6}$/),
    memoryMib: fc.integer({ min: 0, max: 4_000 }),
    diskMib: fc.integer({ min: 0, max: 4_000 }),
  }),
  { selector: ({ learner }) => learner, minLength: 1, maxLength: 20 },
);

/** The placement, or undefined where it is refused. */
function placed(needs: readonly Need[], rooms: readonly Room[]): Map<string, string | undefined> | undefined {
  try {
    return placeLearners(needs, rooms);
  } catch {
    return undefined;
  }
}

/** What is left of an engine when those who were placed there have taken their share. */
function leftOf({ url, memoryMib, diskMib }: Room, needs: readonly Need[], where: Map<string, string | undefined>) {
  const there = needs.filter(({ learner }) => where.get(learner) === url);
  return {
    memoryMib: memoryMib - there.reduce((sum, need) => sum + need.memoryMib, 0),
    diskMib: diskMib - there.reduce((sum, need) => sum + need.diskMib, 0),
  };
}

test("every learner is on one engine, and none has more than it carries", () => {
  fc.assert(
    fc.property(needs, rooms, (needs, rooms) => {
      const where = placed(needs, rooms);
      fc.pre(where !== undefined);
      expect([...where.keys()].toSorted()).toEqual(needs.map(({ learner }) => learner).toSorted());
      for (const engine of rooms) {
        const { memoryMib, diskMib } = leftOf(engine, needs, where);
        expect(memoryMib).toBeGreaterThanOrEqual(0);
        expect(diskMib).toBeGreaterThanOrEqual(0);
      }
    }),
  );
});

test("who is somewhere stays there, also on an engine that is named no longer or does not answer, whoever comes", () => {
  fc.assert(
    fc.property(needs, rooms, fc.integer({ min: 0, max: 19 }), (needs, rooms, count) => {
      const before = placed(needs.slice(0, count), rooms);
      fc.pre(before !== undefined);
      const stands = needs.map((need) =>
        before.has(need.learner)
          ? { ...need, memoryMib: 0, diskMib: 0, kept: { engine: before.get(need.learner) } }
          : need,
      );
      for (const others of [rooms, rooms.slice(1)]) {
        const after = placed(stands, others);
        if (after) for (const [learner, engine] of before) expect(after.get(learner)).toBe(engine);
      }
    }),
  );
});

test("it is refused only when some learner fits on no engine by then", () => {
  fc.assert(
    fc.property(needs, rooms, (needs, rooms) => {
      const first = needs.findIndex((_, index) => placed(needs.slice(0, index + 1), rooms) === undefined);
      fc.pre(first >= 0);
      const before = needs.slice(0, first);
      const where = placed(before, rooms) ?? new Map<string, string>();
      const need = needs[first];
      for (const engine of rooms) {
        const { memoryMib, diskMib } = leftOf(engine, before, where);
        const { memoryMib: memory = 0, diskMib: disk = 0 } = need ?? {};
        expect((memory > 0 && memory > memoryMib) || (disk > 0 && disk > diskMib)).toBe(true);
      }
    }),
  );
});

const big = { url: "ssh://big", memoryMib: 8_000, diskMib: 50_000, cpus: 4 };
const small = { url: "ssh://small", memoryMib: 4_000, diskMib: 50_000, cpus: 16 };
const need = (learner: string, memoryMib = 1_500) => ({ learner, memoryMib, diskMib: 1_000 });

test("learners go where most memory is left, one after the other; among equals more cores count", () => {
  const learners = ["a", "b", "c", "d", "e"].map((learner) => need(learner));
  expect([...placeLearners(learners, [small, big]).values()]).toEqual(
    [big, big, big, small, big].map(({ url }) => url),
  );
  const equal = { ...small, memoryMib: big.memoryMib };
  expect(placeLearners([need("a")], [big, equal]).get("a")).toBe(small.url);
});

test("where none has room each engine is named, with what it has and what is needed, and who does not answer", () => {
  const silent = [{ url: "ssh://dead", problem: "Connection refused" }];
  const refused = () => placeLearners([need("ada", 9_000)], [small, big], silent);
  expect(refused).toThrow("No engine has room for the stacks of ada");
  for (const words of [
    "ada",
    "about 9000 MiB",
    "ssh://small: 4000 MiB",
    "ssh://big: 8000 MiB",
    "ssh://dead: could not be asked: Connection refused",
  ])
    expect(refused).toThrow(words);
});

test("who stays where there is no room for more is told to move, and is not moved", () => {
  const stays = { ...need("ada", 5_000), kept: { engine: small.url } };
  expect(() => placeLearners([stays], [small, big])).toThrow(
    /The engine has no room for the stacks of ada[^]*ssh:\/\/small: 4000 MiB[^]*cohort move/,
  );
  expect(placeLearners([{ ...stays, memoryMib: 0 }], [small, big]).get("ada")).toBe(small.url);
});

test("of engines alike the first of the list is taken, though what is free moves by some MiB between two looks", () => {
  const needs = ["ada", "grace"].map((learner) => ({ learner, memoryMib: 600, diskMib: 0 }));
  const alike = (...free: number[]) =>
    free.map((memoryMib, index): Room => ({ url: `ssh://lab${index + 1}`, memoryMib, diskMib: 9_000, cpus: 2 }));

  const wanted = new Map([
    ["ada", "ssh://lab1"],
    ["grace", "ssh://lab2"],
  ]);
  for (const rooms of [alike(8_000, 8_010), alike(8_010, 8_000)]) expect(placeLearners(needs, rooms)).toEqual(wanted);
});
