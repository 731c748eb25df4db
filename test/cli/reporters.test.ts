import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, test, vi } from "vitest";
import { liveReporter } from "../../cli/reporters/liveReporter.ts";
import { plainReporter } from "../../cli/reporters/plainReporter.ts";
import { seconds } from "../../cli/reporters/seconds.ts";

afterEach(() => vi.useRealTimers());

test.each([
  [0, "0.0 s"],
  [940, "0.9 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 00 s"],
  [185_000, "3 min 05 s"],
])("%d ms is %s", (milliseconds, text) => expect(seconds(milliseconds)).toBe(text));

describe("the plain reporter", () => {
  test("writes a line for each finished step", () => {
    let written = "";
    const reporter = plainReporter((text) => (written += text));
    const first = reporter.step("Host a");
    const second = reporter.step("Host b");
    second.fail("no answer");
    first.progress("starting");
    first.done("ready");
    reporter.note("That was all.");
    expect(written.replaceAll(/\d\.\d s/g, "N s")).toBe(
      "✖ Host b: no answer (N s)\n✔ Host a: ready (N s)\nThat was all.\n",
    );
  });

  test("gives a sign of life from a step that takes long", () => {
    vi.useFakeTimers();
    let written = "";
    const step = plainReporter((text) => (written += text)).step("Pulumi");
    step.progress("building");
    vi.advanceTimersByTime(31_000);
    expect(written).toBe("… Pulumi: building (15 s)\n… Pulumi: building (30 s)\n");
    step.done();
    vi.advanceTimersByTime(60_000);
    expect(written).toMatch(/✔ Pulumi \(31 s\)\n$/);
  });
});

test("the live reporter keeps a line of each finished step, and takes those in progress away", () => {
  const stream = Object.assign(new PassThrough(), {
    columns: 80,
    rows: 24,
    isTTY: true,
  }) as unknown as NodeJS.WriteStream;
  let written = "";
  stream.on("data", (chunk: Buffer) => (written += chunk.toString()));
  const reporter = liveReporter(stream);
  const step = reporter.step("Host a");
  expect(stripVTControlCharacters(written)).toMatch(/⠋ Host a 0\.0 s/);
  step.done("ready");
  reporter.note("That was all.");
  const last = written.slice(written.lastIndexOf("✔"));
  expect(stripVTControlCharacters(last)).toMatch(/^✔ Host a ready \(0\.\d s\)\nThat was all\.\n/);
});
