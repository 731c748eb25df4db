import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { goPrograms } from "../../images/goPrograms.ts";
import { boundCache } from "../../setup/goCache.ts";
import { scratchFolder, script } from "../setup/scratch.ts";

let home: string;
const build = (arch = "amd64") => goPrograms("logcli", arch, () => undefined, { home });
const services = () => readdirSync(join(home, "services"));

/** A go that writes down how it was called, and makes a file that says for what. */
beforeEach(() => {
  home = scratchFolder();
  script(
    join(home, "bin", "go"),
    `[ "$1" = env ] && echo '{"GOVERSION":"go1.99"}' && exit
[ "$1" = list ] && exit
echo "$PWD $*" >> "${home}/calls"
while [ "$1" != -o ]; do shift; done
printf '%s/%s' "$GOOS" "$GOARCH" > "$2"`,
  );
  vi.stubEnv("PATH", `${join(home, "bin")}:/usr/bin:/bin`);
  return () => vi.unstubAllEnvs();
});

test("a program is built once, for the engine's architecture, with its version linked in", async () => {
  const [program] = await build("arm64");
  expect(program).toEqual({ path: "logcli", content: Buffer.from("linux/arm64"), executable: true });
  await build("arm64");
  const calls = readFileSync(join(home, "calls"), "utf8").trimEnd().split("\n");
  expect(calls).toHaveLength(1);
  expect(calls[0]).toMatch(/images\/loki build .*build\.Version=3\.7\.8 .*cmd\/logcli$/);
});

test("another architecture is another build, which takes the place of the one before", async () => {
  await build("arm64");
  const before = services();
  await build("amd64");
  expect(services()).toHaveLength(1);
  expect(services()).not.toEqual(before);
});

test("caches that have outgrown their bound are emptied before the next build", async () => {
  const cached = join(home, "cache", "go", "build", "old");
  mkdirSync(dirname(cached), { recursive: true });
  writeFileSync(cached, "x".repeat(10_000));
  await build("arm64");
  expect(existsSync(cached)).toBe(true);
  await boundCache(home, () => undefined, 8_000);
  expect(existsSync(cached)).toBe(false);
});

test("a build that is called off ends at once, and leaves nothing half-made", async () => {
  const begun = join(home, "begun");
  script(
    join(home, "bin", "go"),
    `[ "$1" = env ] && echo '{"GOVERSION":"go1.99"}' && exit
[ "$1" = list ] && exit
touch "${begun}"
exec sleep 25`,
  );
  const abort = new AbortController();
  const building = goPrograms("logcli", "amd64", () => undefined, { home, signal: abort.signal });
  const ended = expect(building).rejects.toThrow("The programs of the image logcli 3.7.8 could not be built");
  await vi.waitFor(() => {
    expect(existsSync(begun)).toBe(true);
  });
  const before = performance.now();
  abort.abort();
  await ended;
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(services()).toEqual([]);
});

test("an image without Go programs needs no Go", async () => {
  vi.stubEnv("PATH", home);
  expect(await goPrograms("nginx", "amd64", () => undefined, { home })).toEqual([]);
});

test("a machine without Go is told what was tried and what to do, and keeps nothing half-made", async () => {
  vi.stubEnv("PATH", home);
  await expect(build()).rejects.toMatchObject({
    name: "MachineError",
    summary: "The programs of the image logcli 3.7.8 could not be built",
    details: expect.arrayContaining([
      expect.stringMatching(/tried to build it with Go, which must be 1\.21 or newer/),
      expect.stringMatching(/ENOENT/),
    ]) as string[],
    fix: expect.stringMatching(/https:\/\/go\.dev\/dl\/.*drydock:images registry/) as string,
  });
  expect(services()).toEqual([]);
});
