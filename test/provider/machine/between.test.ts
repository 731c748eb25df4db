import { expect, test } from "vitest";
import { clockProblems, mtuProblems } from "../../../provider/machine/between.ts";

const at = (name: string, seconds: number, uncertainty = 0.1) => ({ name, skew: { seconds, uncertainty } });

test("a clock that is far from this machine's is told, and by how much", () => {
  expect(clockProblems([at("one", -61.5), at("two", 4), at("three", 7)])).toEqual([
    "one: its clock is 61.5 s behind this machine's; allowed: 5 s. Let it keep time, as by systemd-timesyncd",
    "three: its clock is 7.0 s ahead of this machine's; allowed: 5 s. Let it keep time, as by systemd-timesyncd",
  ]);
});

test("so are two that are each near, and far from each other", () => {
  expect(clockProblems([at("one", -4), at("two", 0), at("three", 4)])).toEqual([
    expect.stringMatching(/^one: its clock is 8\.0 s behind that of three;/) as string,
  ]);
});

test("what a slow answer leaves open is no problem", () => {
  expect(clockProblems([at("one", -6, 2), at("two", 0, 2)])).toEqual([]);
});

test("a link that overlays do not fit in is told", () => {
  const links = [
    { name: "one", sight: { mtus: [1500, 1280] } },
    { name: "two", sight: { mtus: [1330] } },
  ];
  expect(mtuProblems(links)).toEqual([
    "one: its link to the others has an MTU of 1280 bytes; allowed: 1330 or more. Raise it",
  ]);
});
