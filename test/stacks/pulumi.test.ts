import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { exitCodeOf } from "../../cli/errors.ts";
import { waitFor } from "../../engine/wait.ts";
import { toolFolder, tools } from "../../setup/tools.ts";
import { operate } from "../../stacks/pulumi.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

let home: string;
const target = { stack: "dev", configFile: "Pulumi.dev.yaml" };

beforeEach(async () => {
  home = await temporaryFolder();
  vi.stubEnv("DRYDOCK_HOME", home);
  vi.stubEnv("PATH", "/usr/bin:/bin");
});

afterEach(() => vi.unstubAllEnvs());

/** Installs a Pulumi that does what the script says; `$log` is its event log. */
async function fakePulumi(script: string): Promise<void> {
  const folder = toolFolder(home, tools()[0]);
  const file = join(folder, "pulumi");
  await mkdir(folder, { recursive: true });
  const find = 'while [ $# -gt 0 ]; do [ "$1" = --event-log ] && log=$2; shift; done';
  await writeFile(file, `#!/bin/sh\n${find}\n${script}\n`);
  await chmod(file, 0o755);
}

test("changes and errors are those that Pulumi tells in its events", async () => {
  await fakePulumi(`echo '{"summaryEvent":{"resourceChanges":{"create":3}}}' > "$log"`);
  expect(await operate("up", target, () => undefined)).toEqual({ create: 3 });

  const event = { diagnosticEvent: { urn: "urn::host-1", message: "<{%reset%}>no room", severity: "error" } };
  await fakePulumi(`echo '${JSON.stringify(event)}' > "$log"; exit 1`);
  await expect(operate("up", target, () => undefined)).rejects.toMatchObject({ details: ["host-1: no room"] });
});

test("an event of another form ends the command only when Pulumi has ended", async () => {
  const file = join(home, "ended");
  await fakePulumi(`echo '{"summaryEvent":{"resourceChanges":7}}' > "$log"; sleep 0.4; echo yes > "${file}"`);

  await expect(operate("up", target, () => undefined)).rejects.toMatchObject({
    summary: "pulumi up ended well, but what it told of it cannot be read.",
  });
  expect(await readFile(file, "utf8")).toBe("yes\n");
});

test("where there is no Pulumi, that is said", async () => {
  await expect(operate("up", target, () => undefined)).rejects.toMatchObject({
    summary: "pulumi up failed.",
    details: [expect.stringContaining("ENOENT")],
  });
});

describe("an interruption", () => {
  const patient = (file: string) => `trap 'exit 1' INT TERM\necho there > "${file}"\nwhile :; do sleep 0.05; done`;

  const started = (file: string) =>
    waitFor<true>({
      what: "Pulumi to start",
      deadlineMs: 5_000,
      look: async () => ((await readFile(file, "utf8").catch(() => "")) ? { value: true } : { waiting: "it has not" }),
    });

  test("by a signal of the caller ends Pulumi, and nothing else does then", async () => {
    const abort = new AbortController();
    const file = join(home, "there");
    await fakePulumi(patient(file));
    const listeners = process.listenerCount("SIGINT");
    const up = operate("up", { ...target, signal: abort.signal }, () => undefined);
    const failure = expect(up).rejects.toMatchObject({ summary: "pulumi up was interrupted." });
    await started(file);
    expect(process.listenerCount("SIGINT")).toBe(listeners);
    abort.abort();
    await failure;
  });

  test("by Ctrl-C is passed on, and the command exits with 130", async () => {
    const file = join(home, "there");
    await fakePulumi(patient(file));
    const up = operate("up", target, () => undefined).catch((error: unknown) => error);
    await started(file);
    process.emit("SIGINT");
    expect(exitCodeOf(await up)).toBe(130);
  });

  test("before Pulumi is started keeps it from being started", async () => {
    await fakePulumi("exit 0");
    const up = operate("up", { ...target, signal: AbortSignal.abort() }, () => undefined);
    await expect(up).rejects.toMatchObject({ summary: "pulumi up was interrupted." });
  });
});
