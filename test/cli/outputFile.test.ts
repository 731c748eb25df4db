import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { refuseBadOutput, writeOutput } from "../../cli/outputFile.ts";
import { run } from "../../cli/run.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { fakeTerminal } from "./fakeTerminal.ts";

test("a file that can be written is, new or not", async () => {
  const file = join(await temporaryFolder(), "report.xml");
  for (const content of ["first", "second"]) {
    await refuseBadOutput("--junit", file);
    await writeOutput(file, content);
    expect(await readFile(file, "utf8")).toBe(content);
  }
  await refuseBadOutput("--junit", undefined);
});

test.each([
  ["a folder that is not there", ["verify", "swarm-basics", "--junit", "/nowhere/report.xml"], "no folder /nowhere"],
  ["a folder in its place", ["verify", "swarm-basics", "--junit", "/tmp"], "--junit /tmp: this is a folder"],
  ["no name", ["verify", "swarm-basics", "--junit", ""], "names no file"],
  ["a picture's folder that is not there", ["graph", "--svg", "/nowhere/lab.svg"], "--svg /nowhere/lab.svg"],
  ["a report's folder that is not there", ["check", "--junit", "/nowhere/checks.xml"], "no folder /nowhere"],
])("%s is bad input, and told before the work", async (_, argv, said) => {
  const terminal = fakeTerminal();
  expect(await run(argv, terminal)).toBe(2);
  expect(terminal.written.err).toContain(said);
});

test("a file that cannot be written after all is the machine's fault", async () => {
  await expect(writeOutput("/nowhere/report.xml", "")).rejects.toMatchObject({
    name: "MachineError",
    summary: "The results could not be written to /nowhere/report.xml.",
  });
});
