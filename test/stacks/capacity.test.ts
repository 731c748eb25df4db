import { describe, expect, it } from "vitest";
import { checkCapacity, forecast } from "../../stacks/capacity.ts";
import { configOf, planOf } from "./arbitraries.ts";

const roles = ["manager", "manager", "manager", "worker", "worker", "host"] as const;
const lab = { slug: "some-lab", hosts: roles.map((role, number) => ({ name: `h-${number}`, role })), images: [] };
const plan = planOf("dev", [], { lab });
const enough = { memoryAvailableMib: 8192, diskFreeMib: 20_000, cpus: 2 };

describe("the forecast", () => {
  it("adds up what hosts of each role, the registry and the learner's work take", () => {
    const { memoryMib, diskMib, networks, containers, volumes, items } = forecast(plan);
    expect(memoryMib).toBe(3 * 145 + 2 * 50 + 33 + 30 + 6 * 128);
    expect(diskMib).toBe(6 + 1 + 1024 + 6 * 256);
    expect({ networks, containers, volumes }).toEqual({ networks: 1, containers: 7, volumes: 6 });
    for (const { source } of items) expect(source).not.toBe("");
  });

  it("leaves out what a plan has none of", () => {
    expect(forecast(planOf("dev", ["a"])).items.map(({ what }) => what)).not.toContain("manager");
  });
});

describe("capacity", () => {
  it("is enough on a machine that has just what is forecast", () => {
    const { memoryMib, diskMib } = forecast(plan);
    expect(checkCapacity(plan, { memoryAvailableMib: memoryMib, diskFreeMib: diskMib, cpus: 2 })).toEqual([]);
  });

  it("is found short of each thing, with what is needed, what there is, and what to do", () => {
    const { memoryMib, diskMib } = forecast(plan);
    const problems = checkCapacity(plan, { memoryAvailableMib: memoryMib - 1, diskFreeMib: diskMib - 1, cpus: 1 });
    expect(problems).toMatchObject([
      { what: "memory", needed: memoryMib, available: memoryMib - 1, unit: "MiB" },
      { what: "disk", needed: diskMib, available: diskMib - 1, unit: "MiB" },
      {
        what: "cores",
        needed: 2,
        available: 1,
        unit: "cores",
        fix: expect.stringContaining("cpus of drydock:hosts to 1 ") as string,
      },
    ]);
  });

  it("is found short of a limit that a manager does not start in", () => {
    const tight = planOf("dev", [], { lab, config: configOf({ hosts: { memoryMib: 128 } }) });
    expect(checkCapacity(tight, enough).map(({ what }) => what)).toEqual(
      [0, 1, 2].map((number) => `memory limit of h-${number}`),
    );
  });
});
