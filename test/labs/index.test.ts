import { describe, expect, it } from "vitest";
import { labs, loadLab } from "../../labs/index.ts";
import { VisibleError } from "../../stacks/visibleError.ts";

describe("labs", () => {
  it("are under their own slugs, numbered once each", () => {
    for (const [slug, lab] of Object.entries(labs)) expect(lab.slug).toBe(slug);
    const numbers = Object.values(labs).map((lab) => lab.number);
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

describe("loadLab", () => {
  it("answers an unknown slug with the nearest and with all that are known", () => {
    const load = () => loadLab("swarm-failure");
    expect(load).toThrow(VisibleError);
    expect(load).toThrow('There is no lab "swarm-failure".');
    expect(load).toThrow(
      expect.objectContaining({
        details: [`nearest: swarm-failover; known: ${Object.keys(labs).sort().join(", ")}`],
      }) as Error,
    );
  });

  it("does not take what every object has for a lab", () => {
    expect(() => loadLab("constructor")).toThrow(VisibleError);
  });
});
