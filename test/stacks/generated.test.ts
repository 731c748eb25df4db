import { readFileSync } from "node:fs";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { generated } from "../../stacks/generated.ts";
import { stackFileSchema } from "../../stacks/schema.ts";
import { settingsByPath } from "../../stacks/settings.ts";
import { readStackFile } from "../../stacks/stackFile.ts";

const inRepository = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

describe("what is made from the settings", () => {
  it.each(Object.keys(generated))("is current: %s", (path) => {
    expect(inRepository(path), "run: node stacks/generate.ts").toBe(generated[path]?.());
  });

  it("documents every setting", () => {
    const reference = inRepository("docs/configuration.md");
    for (const [path, { description }] of settingsByPath) {
      expect(reference).toContain(`| \`drydock:${path}\` | ${description} |`);
    }
  });
});

describe("the JSON Schema of a stack's file", () => {
  const schema = z.fromJSONSchema(JSON.parse(stackFileSchema()) as z.core.JSONSchema.JSONSchema);
  const accepts = (config: Record<string, unknown>) => schema.safeParse({ config }).success;
  const lab = { "drydock:lab": "swarm-basics" };

  it("is named by the stack file of this repository, and accepts it", () => {
    const text = inRepository("Pulumi.dev.yaml");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=schema/pulumi-stack.schema.json");
    expect(accepts(readStackFile(text, "Pulumi.dev.yaml").raw)).toBe(true);
  });

  it("accepts what editors and `pulumi config set` write, and the settings of others", () => {
    expect(accepts({ ...lab, "drydock:hosts": { memoryMib: 512, cpus: "1.5" }, "drydock:ports": "21000" })).toBe(true);
    expect(accepts({ ...lab, "aws:region": "eu-north-1" })).toBe(true);
  });

  it("accepts a cohort's", () => {
    const labs = ["swarm-basics"];
    for (const learners of ["class.csv", ["ada", { id: "grace", name: "Grace Hopper" }]])
      expect(accepts({ "drydock:learners": learners, "drydock:labs": labs })).toBe(true);
  });

  it.each([
    {},
    { ...lab, "drydock:learners": ["ada"] },
    { "drydock:learners": ["ada"] },
    { "drydock:learners": [], "drydock:labs": ["swarm-basics"] },
    { ...lab, "drydock:prots": 21000 },
    { ...lab, "drydock:ports": 80 },
    { ...lab, "drydock:images": "none" },
    { ...lab, "drydock:hosts": { memory: 512 } },
    { ...lab, "drydock:lab": "Not a slug" },
  ])("refuses %j", (config) => {
    expect(accepts(config)).toBe(false);
  });
});

test("Pulumi.dev.yaml holds settings alone, and nothing that Pulumi wrote for one machine", () => {
  expect(Object.keys(parse(inRepository("Pulumi.dev.yaml")) as object)).toEqual(["config"]);
});
