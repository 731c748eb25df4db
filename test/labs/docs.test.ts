import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { capabilities } from "../../labs/lab.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const page = read("docs/writing-labs.md");

/** Fences that name the file which they are taken from. */
const taken = [
  ...(
    page +
    read("docs/logging.md") +
    read("docs/monitoring.md") +
    read("docs/policy.md") +
    read("docs/registries.md") +
    read("docs/tracing.md") +
    read("docs/traffic.md")
  ).matchAll(/<!-- from (\S+) -->\n(`{3,})\w+\n([^]*?)\n\2$/gm),
].map(([, file = "", , text = ""]) => ({ file, text }));

it("has examples of all files of a lab", () => {
  expect(new Set(taken.map(({ file }) => file.split("/").at(-1)))).toEqual(
    new Set(["lab.ts", "build.ts", "guide.md", "checks.ts"]),
  );
});

it.each(taken)("its example from $file stands there", ({ file, text }) => {
  expect(read(file)).toContain(text);
});

it("names every capability, and every word of a command block", () => {
  for (const word of [...capabilities, "host=NAME", "solution", "needs=ipvs", "without=ipvs"])
    expect(page).toContain(`\`${word}\``);
});
