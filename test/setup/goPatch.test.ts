import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { patched } from "../../setup/goPatch.ts";
import { awsPlugin } from "../../setup/tools.ts";
import { checkout } from "../../stacks/home.ts";
import { scratchFolder } from "./scratch.ts";

const dependency = "example.test/services";

function write(folder: string, files: Record<string, string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

test("Go builds with a copy of the dependency that has our files, and what was published stays as it is", async () => {
  const folder = scratchFolder();
  const published = { "list.go": "all", "other.go": "other", "list_test.go": "test", "testdata/large": "data" };
  const original = write(join(folder, "published"), published);
  const module = { "go.mod": "module ours\n", "go.sum": "sums", "_theirs/list.go": "few" };
  const own = write(join(folder, "ours"), module);
  const work = join(folder, "a work folder");
  mkdirSync(work);
  const asked: string[][] = [];

  const flag = await patched({ dependency, files: "_theirs" }, own, work, (args) => {
    asked.push(args);
    return Promise.resolve(["{", `"Dir": ${JSON.stringify(original)}`, "}"]);
  });

  expect(asked).toEqual([["mod", "download", "-json", dependency]]);
  const copy = join(work, "dependency");
  expect(flag).toBe(`"-modfile=${join(work, "go.mod")}"`);
  expect(readFileSync(join(work, "go.mod"), "utf8")).toBe(`module ours\n\nreplace ${dependency} => "${copy}"\n`);
  expect(readFileSync(join(work, "go.sum"), "utf8")).toBe("sums");
  expect(readFileSync(join(copy, "list.go"), "utf8")).toBe("few");
  expect(readFileSync(join(copy, "other.go"), "utf8")).toBe("other");
  expect(existsSync(join(copy, "list_test.go"))).toBe(false);
  expect(existsSync(join(copy, "testdata"))).toBe(false);
  expect(readFileSync(join(original, "list.go"), "utf8")).toBe("all");
});

test("the plugin aws is built with our files in the provider that its go.mod names", () => {
  const [{ module, patch }] = awsPlugin().programs;
  const folder = join(checkout, "toolchain", module);

  expect(readFileSync(join(folder, "go.mod"), "utf8")).toContain(`\t${patch?.dependency}/shim `);
  expect(existsSync(join(folder, patch?.files ?? "", "internal"))).toBe(true);
});
