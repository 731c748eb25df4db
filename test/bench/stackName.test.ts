import { expect, test } from "vitest";
import { isMeasured, stackName } from "../../bench/stackName.ts";
import { variants, type VariantName } from "../../bench/variant.ts";

test.each(Object.keys(variants) as VariantName[])("the stack of %s is known again", (way) => {
  expect(isMeasured(stackName(way, 10))).toBe(true);
  expect(isMeasured(stackName(way, "components"))).toBe(true);
  expect(isMeasured(`${stackName(way, "cohort")}-l1-swarm-basics`)).toBe(true);
});

test.each(["bench", "bench-3", "bench-mine-3", "bench-ours", "bench-ours-3-b", "my-bench-ours-3", "dev"])(
  "%s is somebody's own stack",
  (stack) => {
    expect(isMeasured(stack)).toBe(false);
  },
);
