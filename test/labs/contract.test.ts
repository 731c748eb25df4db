import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { grade } from "../../labs/grade.ts";
import { labs, loadLab } from "../../labs/index.ts";
import { capabilities } from "../../labs/lab.ts";
import { replay } from "./replay.ts";

/** What every lab keeps to. A new lab is tested here by being in the catalogue. */
describe.each(Object.keys(labs))("%s", async (slug) => {
  const { lab, guide: readGuide, checks: readChecks } = loadLab(slug);
  const guide = await readGuide();
  const checks = await readChecks();

  it("has a guide of its title, with an introduction and a closing", () => {
    expect(guide.title).not.toBe("");
    expect(guide.introduction).toMatch(/\b\d+\s+minutes\b/);
    expect(guide.closing).toMatch(/^## Summary\n\nWhat you learned:$/m);
    expect(guide.closing).toMatch(/^## What to try next$/m);
  });

  it("has hints, a solution and a check for every step", () => {
    for (const step of guide.steps) {
      expect(step.hints, `hints of step ${step.number}`).not.toHaveLength(0);
      expect(step.solution, `solution of step ${step.number}`).not.toBe("");
      expect(
        checks.filter((check) => check.step === step.number),
        `checks of step ${step.number}`,
      ).not.toHaveLength(0);
    }
  });

  it("has checks with identifiers of their own, for steps that there are", () => {
    const ids = checks.map((check) => check.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const steps = guide.steps.map((step) => step.number);
    for (const check of checks) expect(steps).toContain(check.step);
  });

  it("says in the prose before every block on which host it runs", async () => {
    const lines = (await readText(slug)).split("\n");
    for (const block of guide.steps.flatMap((step) => step.blocks)) {
      const before = lines.slice(0, block.line - 1).join("\n");
      const paragraph = before.trimEnd().split("\n\n").at(-1) ?? "";
      expect(paragraph, `guide.md:${block.line}`).toContain(`**${block.host}**`);
    }
  });

  it("waits with a deadline, for something, and says for what when that did not come", () => {
    for (const { script, line } of guide.steps.flatMap((step) => step.blocks)) {
      const limited = script
        .split(/\b(?=timeout \d+ |deadline=)/)
        .filter((part) => /^(timeout \d|deadline=)/.test(part));
      const limitOf = (part: string) => Number(/^(?:timeout |deadline=.*\+ )(\d+)/.exec(part)?.[1]);
      const waits = limited.filter((part) => /\buntil\b|\btcpdump -i/.test(part));
      expect(waits.length, `guide.md:${line}`).toBe(script.match(/\buntil\b|\btcpdump -i/g)?.length ?? 0);
      expect(
        limited.reduce((sum, part) => sum + limitOf(part), 0),
        `guide.md:${line}`,
      ).toBeLessThanOrEqual(180);
      for (const wait of waits) {
        const message = String.raw`\|\|\s+[({] ?echo "after ${limitOf(wait)} s .+" >&2; (?:false|exit 1)`;
        expect(wait, `guide.md:${line}`).toMatch(new RegExp(message));
      }
      expect(script, `guide.md:${line}`).not.toMatch(/^sleep /m);
    }
  });

  it("has blocks that bash can read", () => {
    for (const { script, line } of guide.steps.flatMap((step) => step.blocks))
      expect(spawnSync("bash", ["-n", "-c", script], { encoding: "utf8" }).stderr, `guide.md:${line}`).toBe("");
  });

  it("gives what it shows under a condition only for capabilities that it wants or needs", () => {
    const known = [...lab.needs, ...lab.wants];
    for (const { needs, without, line } of guide.steps.flatMap((step) => step.blocks))
      expect(known, `guide.md:${line}`).toEqual(expect.arrayContaining([...needs, ...without]));
    for (const name of known) expect(capabilities).toContain(name);
  });

  it("passes no check on fresh hosts", async () => {
    const graded = await grade(checks, replay(slug, "fresh"));
    expect(graded.filter(({ verdict }) => verdict.verdict === "pass")).toEqual([]);
    expect(graded.some(({ verdict }) => verdict.verdict === "fail")).toBe(true);
  });

  it("fails no check when the work is done", async () => {
    const graded = await grade(checks, replay(slug, "done"));
    expect(graded.filter(({ verdict }) => verdict.verdict === "fail")).toEqual([]);
  });

  it("passes every check when the work is done on hosts that can do all that it wants", async () => {
    const can = Object.fromEntries(lab.wants.map((name) => [name, true]));
    const graded = await grade(checks, replay(slug, "done", { can }));
    expect(graded.filter(({ verdict }) => verdict.verdict !== "pass")).toEqual([]);
  });

  it("passes no check on hosts that cannot be reached", async () => {
    const gone = new Error("no route to host");
    const context = replay(slug, "done", {
      can: { esp: true, ipvs: true },
      engine: () => gone,
      run: () => gone,
      engineLog: () => gone,
    });
    const graded = await grade(checks, context);
    expect(graded.map(({ verdict }) => verdict.verdict)).toEqual(checks.map(() => "fail"));
  });
});

async function readText(slug: string): Promise<string> {
  return readFile(new URL("guide.md", loadLab(slug).folder), "utf8");
}
