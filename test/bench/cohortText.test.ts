import { expect, test } from "vitest";
import { cohortText } from "../../bench/cohort/cohortText.ts";

test("a class stands beside the raw API, and what it takes for each learner", () => {
  const text = cohortText(
    {
      date: "2026-11-26T10:00:00Z",
      machine: { cpus: 2, model: "CPU", memoryMib: 1, system: "System", kernel: "6", loadBefore: 0.1, versions: {} },
      rounds: 1,
      atOnce: 2,
      sizes: [
        {
          learners: 10,
          hosts: 30,
          bound: { up: 20_000, down: 4_000, memoryMib: 1_000 },
          ours: {
            up: 30_000,
            again: 3_000,
            status: 2_000,
            check: 10_000,
            down: 6_000,
            memoryMib: 1_200,
            peakMib: 1_900,
          },
        },
      ],
    },
    (_format, shown) => shown,
  );

  expect(text).toContain("10 learners, 30 hosts, 2 stacks at a time");
  expect(text).toMatch(/^raw engine API +20\.0 s .* 4\.0 s +1000 MiB$/m);
  expect(text).toMatch(
    /^drydock cohort +30\.0 s \(1\.50 of the bound\) +3\.0 s .* 6\.0 s \(1\.50 of the bound\) +1200 MiB, at most 1900 MiB$/m,
  );
  expect(text).toMatch(/^10 +3\.0 s +0\.3 s +0\.2 s +1\.0 s +0\.6 s +120 MiB$/m);
});
