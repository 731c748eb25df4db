import { expect, test } from "vitest";
import { componentsText } from "../../bench/components/componentsText.ts";
import { summarise } from "../../bench/statistics.ts";

test("times, rates and ratios stand beside what they are measured against", () => {
  const one = (value: number) => summarise([value]);
  const text = componentsText(
    {
      date: "2026-11-25T10:00:00Z",
      machine: { cpus: 2, model: "CPU", memoryMib: 1, system: "System", kernel: "6", loadBefore: 0.1, versions: {} },
      rounds: 1,
      healthy: { bound: one(10_000), ours: one(15_000), ratio: one(1.5) },
      rates: { push: one(20), copyThere: one(200), pull: one(50), copyBack: one(250), logs: one(12_345) },
      ratios: { push: one(0.1), pull: one(0.2) },
    },
    (_format, shown) => shown,
  );

  expect(text).toMatch(/^raw engine API, the same containers +10\.00 s .*$/m);
  expect(text).toMatch(/^drydock up +15\.00 s .* +1\.50 /m);
  expect(text).toMatch(/^push +20 MiB\/s .* 200 MiB\/s .* 0\.10 /m);
  expect(text).toContain("12,345 lines a second");
  expect(text).not.toContain("busy");
});
