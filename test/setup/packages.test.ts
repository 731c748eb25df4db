import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { ensurePackages } from "../../setup/packages.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
const said: string[] = [];
const npm = (body: string) => script(join(folder, "bin", "npm"), `echo "$@" >> "${folder}/runs"; ${body}`);
const runs = () =>
  existsSync(join(folder, "runs")) ? readFileSync(join(folder, "runs"), "utf8").trim().split("\n") : [];

/** A checkout with a lock file, and an npm that makes node_modules and notes how it was called. */
beforeEach(() => {
  folder = scratchFolder();
  said.length = 0;
  writeFileSync(join(folder, "package-lock.json"), "{}");
  npm("mkdir -p node_modules");
  vi.stubEnv("PATH", `${join(folder, "bin")}:/usr/bin:/bin`);
  vi.stubEnv("DRYDOCK_HOME", join(folder, "home"));
  return () => vi.unstubAllEnvs();
});

const ensure = () => ensurePackages(folder, (text) => said.push(text));

test("packages are installed as the lock file says, without their scripts, and once", async () => {
  await ensure();
  await ensure();
  expect(runs()).toEqual([expect.stringMatching(/^ci .*--ignore-scripts --include=dev/)]);
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

test("packages of another platform are installed anew: some are binaries", async () => {
  await ensure();
  vi.spyOn(process, "platform", "get").mockReturnValue("freebsd");
  await ensure();
  vi.restoreAllMocks();
  expect(runs()).toHaveLength(2);
});

test("an npm that fails is quoted, leaves what was there, and is tried again the next time", async () => {
  mkdirSync(join(folder, "node_modules", "before"), { recursive: true });
  npm("mkdir -p node_modules/half; echo 'npm error 403 Forbidden' >&2; exit 1");
  await expect(ensure()).rejects.toThrow(/tried `npm ci`[\s\S]*403 Forbidden[\s\S]*by hand/);
  await expect(ensure()).rejects.toThrow();
  expect(runs()).toHaveLength(2);
  expect(readdirSync(join(folder, "node_modules"))).toEqual(["before"]);
  expect(readdirSync(folder).filter((name) => name.startsWith("node_modules."))).toEqual([]);
});

test("a machine with Node.js and no npm is told where npm comes from", async () => {
  vi.stubEnv("PATH", "/nowhere");
  await expect(ensure()).rejects.toThrow(/no `npm` on PATH/);
});

test("what a killed set-up left is removed by the next one, once it cannot run any more", async () => {
  mkdirSync(join(folder, "node_modules.new-old"));
  utimesSync(join(folder, "node_modules.new-old"), 0, 0);
  mkdirSync(join(folder, "node_modules.new-running"));
  await ensure();
  expect(readdirSync(folder)).not.toContain("node_modules.new-old");
  expect(readdirSync(folder)).toContain("node_modules.new-running");
});

test("set-ups of two homes in one checkout at once do not mix their packages", async () => {
  npm("mkdir -p node_modules; touch node_modules/$$; sleep 0.1");
  const homes = ["one", "two", "three"].map((home) => installer({ DRYDOCK_HOME: join(folder, home) }));
  const codes = await Promise.all(homes.map(async (child) => (await once(child, "exit")) as [number]));
  expect(codes.map(([code]) => code)).toEqual([0, 0, 0]);
  expect(readdirSync(join(folder, "node_modules"))).toEqual([".drydock", expect.stringMatching(/^\d+$/)]);
});

test.each(["SIGINT", "SIGTERM"] as const)("%s ends npm with all that it started, and says so", async (signal) => {
  npm("trap '' INT TERM; sleep 60 & sleep 60");
  const child = installer();
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  await vi.waitFor(() => expect(runs()).toHaveLength(1), { timeout: 10_000 });
  child.kill(signal);
  await once(child, "exit");
  expect(told).toContain("Interrupted: npm was ended");
  expect(existsSync(join(folder, "node_modules"))).toBe(false);
  expect(readdirSync(folder).filter((name) => name.startsWith("node_modules."))).toEqual([]);
});

/** A process that installs the packages. */
function installer(env: NodeJS.ProcessEnv = {}) {
  const module = join(import.meta.dirname, "..", "..", "setup", "packages.ts");
  const program = `
    import { ensurePackages } from ${JSON.stringify(module)};
    await ensurePackages(process.argv[1], () => undefined);`;
  return spawn(process.execPath, ["--input-type=module", "-e", program, folder], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
}
