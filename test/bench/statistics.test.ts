import { expect, test } from "vitest";
import { ratio, summarise } from "../../bench/statistics.ts";

test.each([
  [[4], 4, 4, 4],
  [[3, 1, 2], 2, 1, 3],
  [[4, 1, 3, 2], 2.5, 1, 4],
])("samples %j are summed up, and kept in their order", (samples, median, least, most) => {
  expect(summarise(samples)).toEqual({ median, least, most, samples });
});

test("no samples are no summary", () => {
  expect(() => summarise([])).toThrow("no samples");
});

test("a ratio is taken round by round, so that a slow round slows both", () => {
  expect(ratio([20, 200], [10, 100])).toMatchObject({ median: 2, least: 2, most: 2 });
});

test("a fixed cost is taken off the same round's sample", () => {
  expect(ratio([20, 32], [10, 10], [5, 2]).samples).toEqual([1.5, 3]);
});
