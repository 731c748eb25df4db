import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../stacks/home.ts";

/** Runs a module with what Pulumi.yaml has Node.js load before the program; answers what it printed. */
function afterLean(source: string): string {
  const args = ["--import", join(checkout, "stacks", "lean.ts"), "--input-type=module", "--eval", source];
  return execFileSync(process.execPath, args, { cwd: checkout, encoding: "utf8" }).trim();
}

test("Pulumi's SDK works without the compiler, the package resolver and the source maps that it loads", () => {
  const source = `
    import { createRequire } from "node:module";
    import * as pulumi from "@pulumi/pulumi";
    const loaded = Object.keys(createRequire(import.meta.url).cache);
    const modules = ["pacote", "source-map"].filter((name) => loaded.some((path) => path.includes("/" + name + "/")));
    pulumi.output(Promise.resolve(41)).apply((value) => console.log(value + 1, modules.length));
  `;

  expect(afterLean(source)).toBe("42 0");
});
