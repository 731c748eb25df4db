import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { pulumiHolder } from "../../stacks/stackLock.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

let home: string;

beforeEach(async () => {
  home = await temporaryFolder();
  vi.stubEnv("DRYDOCK_HOME", home);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const locks = () => join(home, "state", ".pulumi", "locks", "organization", "drydock", "dev");

async function lock(pid: number | undefined, machine = hostname(), time = new Date()): Promise<void> {
  await mkdir(locks(), { recursive: true });
  const content = { pid, username: "ada", hostname: machine, timestamp: time.toISOString() };
  await writeFile(join(locks(), "1.json"), JSON.stringify(content));
}

/** A process whose program has that name. */
async function run(name: string): Promise<number | undefined> {
  const program = join(home, name);
  await mkdir(dirname(program), { recursive: true });
  await copyFile("/bin/sleep", program);
  const child = spawn(program, ["600"]);
  onTestFinished(() => void child.kill());
  await new Promise((resolve) => child.once("spawn", resolve));
  return child.pid;
}

test("a Pulumi at work holds its stack, whatever the machine was called when it began", async () => {
  const pid = await run("pulumi");
  await lock(pid);
  expect(await pulumiHolder("drydock", "dev")).toContain(`process ${pid} on ${hostname()}`);
  await lock(pid, "its-former-name");
  expect(await pulumiHolder("drydock", "dev")).toContain(`process ${pid} on its-former-name`);
});

test.each([
  ["nobody's process", () => Promise.resolve(2 ** 22 + 1), "its-former-name", 0],
  ["a process with pulumi in its command line only", () => run("pulumi-notes/editor"), hostname(), 0],
  ["a Pulumi that started after it", () => run("pulumi"), hostname(), -60_000],
])("a lock of %s is nobody's, and goes", async (_, start, machine, offsetMs) => {
  await lock(await start(), machine, new Date(Date.now() + offsetMs));

  expect(await pulumiHolder("drydock", "dev")).toBeUndefined();
  expect(await readdir(locks())).toEqual([]);
});
