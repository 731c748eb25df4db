import { expect, test } from "vitest";
import { isUsable } from "../../setup/version.ts";

test.each([
  ["v3.259.0", true],
  ["v3.259.1", true],
  ["3.300.0", true],
  ["v3.258.9", false],
  ["v3.99.0", false],
  ["v4.0.0", false],
  ["v2.300.0", false],
  ["no version at all", false],
])("%s can stand in for 3.259.0: %s", (found, usable) => {
  expect(isUsable(found, "3.259.0")).toBe(usable);
});
