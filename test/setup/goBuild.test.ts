import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { goBuild } from "../../setup/goBuild.ts";
import { dockerPlugin } from "./fakeTool.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
const settings = (version: string) =>
  JSON.stringify({ GOVERSION: version, GOPROXY: "https://proxy.test", GOSUMDB: "sums", GOTOOLCHAIN: "auto" });
const go = (body: string, version = "go1.99") =>
  script(join(folder, "bin", "go"), `[ "$1" = env ] && echo '${settings(version)}' && exit\n${body}`);
const build = (say = quietSay) => goBuild(dockerPlugin(), folder, folder, say);

beforeEach(() => {
  folder = scratchFolder();
  vi.stubEnv("PATH", `${join(folder, "bin")}:/usr/bin:/bin`);
  return () => vi.unstubAllEnvs();
});

test("go builds into the folder, in caches of the home, with nothing that weakens go.sum", async () => {
  vi.stubEnv("GOFLAGS", "-insecure -mod=mod");
  vi.stubEnv("GONOSUMDB", "*");
  vi.stubEnv("GOINSECURE", "*");
  vi.stubEnv("GOPRIVATE", "*");
  vi.stubEnv("GOENV", "/a/file/that/go/env/-w/wrote");
  vi.stubEnv("GOOS", "plan9");
  go(
    `env > "${folder}/environment"; pwd >> "${folder}/environment"; [ "$1" = list ] || touch "${folder}/pulumi-resource-docker"`,
  );
  expect(await build()).toBe(`${dockerPlugin().version}, built with go1.99`);
  expect(existsSync(join(folder, "pulumi-resource-docker"))).toBe(true);
  const environment = readFileSync(join(folder, "environment"), "utf8");
  expect(environment).toMatch(/^GOFLAGS=-mod=readonly /m);
  expect(environment).toContain(`GOMODCACHE=${folder}/cache/go/mod\n`);
  expect(environment).toMatch(/\/toolchain\/docker$/m);
  expect(environment).not.toMatch(/insecure|GONOSUMDB|GOINSECURE|GOPRIVATE|plan9/);
  expect(environment).toMatch(/^GOENV=off$/m);
  expect(environment).toMatch(/^GOPROXY=https:\/\/proxy\.test$/m);
  expect(environment).toContain(`GOTMPDIR=${folder}/go\n`);
  expect(existsSync(join(folder, "go"))).toBe(false);
});

test("progress tells modules and packages", async () => {
  go(`if [ "$1" = list ]; then echo "go: downloading a v1" >&2; printf 'a\\nb\\n'; else echo a >&2; fi`);
  const told: string[] = [];
  await build({ ...quietSay, progress: (text) => told.push(text) });
  expect(told).toEqual([
    "pulumi-resource-docker: downloading modules, 1 so far",
    "pulumi-resource-docker: compiling, package 1 of 2",
  ]);
});

test("a failing build is told with the end of what Go said", async () => {
  go(`echo "verifying module: checksum mismatch" >&2; exit 1`);
  await expect(build()).rejects.toMatchObject({
    name: "NotThisWay",
    details: ["tried `go list .` in toolchain/docker: verifying module: checksum mismatch"],
  });
});

const unavailable = `echo "p.go:1:2: m@v1: reading https://proxy.test/m/@v/v1.zip: 503 Service Unavailable" >&2; exit 1`;

test("modules are fetched again when their server failed, and that is told", async () => {
  go(`[ "$1" = list ] || exit 0; mkdir "${folder}/asked" 2>/dev/null && { ${unavailable}; }; echo a`);
  const told: string[] = [];
  await build({ ...quietSay, progress: (text) => told.push(text) });
  expect(told[0]).toMatch(/^fetching once more \(2 of 3\): .*503 Service Unavailable$/);
});

test("a server that fails each time is told", async () => {
  go(`echo asked >> "${folder}/asked"; ${unavailable}`);
  await expect(build()).rejects.toThrow(/503 Service Unavailable/);
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("asked\n".repeat(3));
});

test("a machine without Go is told so", async () => {
  vi.stubEnv("PATH", folder);
  await expect(build()).rejects.toThrow(/tried to build it with Go, which must be 1\.21 or newer: .*ENOENT/);
});

test("a Go that is too old is told by its version", async () => {
  go("exit 1", "go1.19.8");
  await expect(build()).rejects.toThrow(/1\.21 or newer: the one on PATH is go1\.19\.8/);
});

test("a build that is interrupted ends Go", async () => {
  go(`echo $$ > "${folder}/pid"; exec sleep 60`);
  const abort = new AbortController();
  const built = build({ ...quietSay, signal: abort.signal });
  await vi.waitFor(() => expect(existsSync(join(folder, "pid"))).toBe(true), { timeout: 10_000 });
  abort.abort();
  await expect(built).rejects.toThrow();
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});
