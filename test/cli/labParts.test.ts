import { afterEach, expect, test, vi } from "vitest";
import { always, everyLab, labsInTime } from "../../cli/suite/labParts.ts";
import { verifyLabs } from "../../cli/verify/verifyLabs.ts";
import { labs } from "../../labs/index.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

vi.mock(import("../../cli/verify/verifyLabs.ts"), () => ({
  verifyLabs: vi.fn((slugs: readonly string[]) =>
    Promise.resolve(
      slugs.map((lab) => ({
        lab,
        stack: "",
        results: [{ phase: "up" as const, verdict: "passed" as const, seconds: 1, text: "" }],
      })),
    ),
  ),
}));

/** A lab that no run is bound to prove. */
const other = { ...Object.values(labs)[0], number: 38, slug: "other", title: "Other" } as (typeof labs)[string];

afterEach(() => {
  vi.restoreAllMocks();
  vi.mocked(verifyLabs).mockClear();
  delete labs.other;
});

async function run(part: typeof everyLab, minutes: number) {
  vi.spyOn(process, "uptime").mockReturnValue(minutes * 60);
  labs.other = other;
  const told: string[] = [];
  const reporter = { step: () => ({ progress: vi.fn(), done: vi.fn(), fail: vi.fn() }), note: vi.fn() };
  const options = { terminal: fakeTerminal(), reporter, signal: new AbortController().signal };
  const counts = await part.run((text) => told.push(text), options);
  return { counts, told, proved: vi.mocked(verifyLabs).mock.calls.flatMap(([slugs]) => slugs) };
}

const count = Object.keys(labs).length;

test("labs that no run is bound to prove are left out by name when time is short", async () => {
  const unbound = Object.values(labs).filter(({ number }) => !always.has(number));
  const left = [...unbound, other].toSorted((one, another) => one.number - another.number);

  const { counts, told, proved } = await run(labsInTime, 41);

  expect(counts).toEqual({ passed: count - unbound.length, failed: 0, skipped: left.length });
  expect(told).toEqual(
    left.map(({ slug }) => `Left out: ${slug}, as 41 minutes are over; ./drydock verify ${slug} proves it`),
  );
  expect(proved).toContain("swarm-failover");
});

test("with time left, or when every lab is asked for, it is proved like all others", async () => {
  for (const [part, minutes] of [
    [labsInTime, 39],
    [everyLab, 300],
  ] as const) {
    vi.mocked(verifyLabs).mockClear();
    const { counts, proved } = await run(part, minutes);
    expect(counts).toEqual({ passed: count + 1, failed: 0, skipped: 0 });
    expect(proved).toContain("other");
  }
});
