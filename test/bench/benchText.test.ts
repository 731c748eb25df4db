import { expect, test } from "vitest";
import { benchText } from "../../bench/benchText.ts";
import { aims, sizeResult, type BenchResult } from "../../bench/result.ts";
import { summarise } from "../../bench/statistics.ts";
import { measured } from "./samples.ts";

const fixed = summarise([1_000, 2_000]);
const size = sizeResult(measured, fixed.samples);
const result: BenchResult = {
  date: "2030-01-02T03:04:05.000Z",
  machine: {
    cpus: 2,
    model: "Some CPU",
    memoryMib: 24_000,
    system: "Debian",
    kernel: "6.1",
    loadBefore: 0.1,
    versions: { Pulumi: "3.259.0" },
  },
  rounds: 2,
  fixed,
  sizes: [size],
  memory: { bare: 33.4, manager: 145, worker: 50 },
  skipped: [{ way: "plain", reason: "it is broken" }],
  aims: aims(fixed, [size]),
};

const text = (loadBefore = 0.1) =>
  benchText({ ...result, machine: { ...result.machine, loadBefore } }, (_format, plain) => plain);

test("each way has its ratio with the spread, and its seconds", () => {
  expect(text()).toMatch(/^Drydock +1\.88 \(1\.75 to 2\.00\) +7\.50 s \(7\.00 to 8\.00\) +2\.60 s .*1\.75 /m);
  expect(text()).toMatch(/^ {2}less the start of Pulumi +1\.50 \(1\.50 to 1\.50\)$/m);
});

test("the machine, its versions and the date are told, and what was left out", () => {
  for (const told of ["2 × Some CPU", "Pulumi 3.259.0", "2030-01-02", "2 rounds", "bare 33 MiB"])
    expect(text()).toContain(told);
  expect(text()).toContain("Not measured: plain Pulumi, because it is broken");
});

test("a machine that was busy spoils the figures, and that is said", () => {
  expect(text()).not.toContain("busy");
  expect(text(5)).toContain("The machine was busy");
});

test("where what a way made is not the same, that is said", () => {
  expect(text()).toContain("Drydock differs in: mounts");
});

test("parts of an up come with their share", () => {
  expect(text()).toMatch(/^Swarm +3\.00 s +75 %$/m);
});

test("aims are marked as met or missed", () => {
  expect(text()).toContain("✔ starting Pulumi: 1.5 s; under 2 s was the aim");
  expect(text()).toContain("✖ down of 3 hosts: 1.75; within 1.5 of the bound was the aim");
});
