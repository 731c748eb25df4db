import { expect, test } from "vitest";
import { aims, sizeResult } from "../../bench/result.ts";
import { summarise } from "../../bench/statistics.ts";
import { measured } from "./samples.ts";

const fixed = [1_000, 2_000];

test("each way stands beside the bound, with the start of Pulumi taken off where it is started", () => {
  const { figures } = sizeResult(measured, fixed);

  expect(figures.bound?.up?.ratio?.median).toBe(1);
  expect(figures.compose?.up?.ratio?.samples).toEqual([2, 1.5]);
  expect(figures.compose?.up?.ratioLessPulumi).toBeUndefined();
  expect(figures.ours?.up?.ratio?.samples).toEqual([1.75, 2]);
  expect(figures.ours?.up?.ratioLessPulumi?.samples).toEqual([1.5, 1.5]);
});

test("what the bound does not do has no ratio, what was not measured no figure", () => {
  const { figures } = sizeResult(measured, fixed);

  expect(figures.bound?.again).toBeUndefined();
  expect(figures.ours?.again).toEqual({ milliseconds: summarise([2_500, 2_700]) });
  expect(figures.plain).toBeUndefined();
});

test("no start of Pulumi is taken off a down, which mostly starts none", () => {
  expect(sizeResult(measured, fixed).figures.ours?.down?.ratioLessPulumi).toBeUndefined();
});

test("aims are met up to their very figure, and missed beyond", () => {
  const found = aims(summarise(fixed), [sizeResult(measured, fixed)]);

  expect(found.map(({ what, measured: figure, met }) => [what, figure, met])).toEqual([
    ["starting Pulumi", "1.5 s", true],
    ["up of 3 hosts, less the start of Pulumi", "1.50", true],
    ["up of 3 hosts with nothing to do", "2.6 s", true],
    ["down of 3 hosts", "1.75", false],
  ]);
});
