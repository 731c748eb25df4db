import { expect, test } from "vitest";
import { inUtc, timeLeft } from "../../stacks/expiry.ts";

const now = new Date("2030-06-15T12:00:00Z");

test.each([
  ["2030-06-18T12:00:00Z", "later", "3 days"],
  ["2030-06-17T11:00:00Z", "later", "47 h 0 min"],
  ["2030-06-16T12:00:00Z", "soon", "24 h 0 min"],
  ["2030-06-15T17:10:59Z", "soon", "5 h 10 min"],
  ["2030-06-15T12:00:00Z", "soon", "0 min"],
  ["2030-06-15T11:59:00Z", "past", "1 min"],
  ["2030-06-12T12:00:00Z", "past", "3 days"],
])("until %s it is %s: %s", (expiry, when, words) => {
  expect(timeLeft(expiry, now)).toMatchObject({ when, words });
});

test("a time is told in UTC, to the minute", () => {
  expect(inUtc("2030-06-15T17:10:59.000Z")).toBe("2030-06-15 17:10 UTC");
});
