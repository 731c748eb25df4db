import { expect, test } from "vitest";
import { breakdown } from "../../bench/breakdown.ts";
import { upBreakdown } from "../../bench/trace.ts";

test("parts lie between moments and add up to all of it", () => {
  expect(
    breakdown(100, [
      { name: "first", at: 130 },
      { name: "second", at: 200 },
    ]),
  ).toEqual([
    { name: "first", milliseconds: 30 },
    { name: "second", milliseconds: 70 },
  ]);
});

test("what had ended before the part in front of it took no time of its own", () => {
  const parts = breakdown(0, [
    { name: "workers", at: 50 },
    { name: "network", at: 40 },
    { name: "end", at: 60 },
  ]);

  expect(parts.map(({ milliseconds }) => milliseconds)).toEqual([50, 0, 10]);
});

test("an up is told from its processes' marks and from what Pulumi said, the last of each kind", () => {
  const names = ["command", "set-up", "machine", "images", "stack", "pulumi", "outputs"];
  const at = [10, 20, 30, 40, 50, 900, 910];
  const marks = names.map((name, index) => ({ name, at: at[index] ?? 0 }));
  const parts = upBreakdown(
    0,
    920,
    [
      { program: "/co/setup/bootstrap.mjs", started: 1, marks, ended: 915 },
      { program: "/co/node_modules/@pulumi/pulumi/cmd/run/index.js", started: 100, marks: [], ended: 890 },
    ],
    [
      { type: "pulumi:pulumi:Stack", at: 150 },
      { type: "drydock:index:LabBridge", at: 200 },
      { type: "drydock:index:HostContainer", at: 260 },
      { type: "drydock:index:HostContainer", at: 300 },
      { type: "drydock:index:HostReady", at: 500 },
      { type: "drydock:index:SwarmNetwork", at: 600 },
      { type: "drydock:index:SwarmNode", at: 700 },
    ],
  );

  expect(Object.fromEntries(parts.map(({ name, milliseconds }) => [name, milliseconds]))).toMatchObject({
    "command line starts": 10,
    "Pulumi starts": 50,
    "program starts": 50,
    "host containers": 100,
    "engines answer": 200,
    "Pulumi ends": 200,
    "command line ends": 10,
  });
  expect(parts.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBe(920);
});
