import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { ensurePackages } from "../../setup/packages.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
const said: string[] = [];
const runs = () =>
  existsSync(join(folder, "runs")) ? readFileSync(join(folder, "runs"), "utf8").trim().split("\n") : [];

/** A checkout with a lock file, and an npm that makes node_modules and notes how it was called. */
beforeEach(() => {
  folder = scratchFolder();
  said.length = 0;
  writeFileSync(join(folder, "package-lock.json"), "{}");
  script(join(folder, "bin", "npm"), 'echo "$@" >> runs; mkdir -p node_modules');
  vi.stubEnv("PATH", `${join(folder, "bin")}:/usr/bin:/bin`);
  vi.stubEnv("DRYDOCK_HOME", join(folder, "home"));
  return () => vi.unstubAllEnvs();
});

const ensure = () => ensurePackages(folder, (text) => said.push(text));

test("packages are installed as the lock file says, without their scripts, and once", async () => {
  await ensure();
  await ensure();
  expect(runs()).toEqual([expect.stringMatching(/^ci .*--ignore-scripts/)]);
  expect(said).toEqual(["Installing npm packages"]);
});

test("a changed lock file, and removed packages, are installed anew", async () => {
  await ensure();
  writeFileSync(join(folder, "package-lock.json"), '{"changed":true}');
  await ensure();
  rmSync(join(folder, "node_modules"), { recursive: true });
  await ensure();
  expect(runs()).toHaveLength(3);
});

test("an npm that fails is quoted, and tried again the next time", async () => {
  script(join(folder, "bin", "npm"), "echo tried >> runs; echo 'npm error 403 Forbidden' >&2; exit 1");
  await expect(ensure()).rejects.toThrow(/tried `npm ci --ignore-scripts`[\s\S]*403 Forbidden[\s\S]*by hand/);
  await expect(ensure()).rejects.toThrow();
  expect(runs()).toHaveLength(2);
});
