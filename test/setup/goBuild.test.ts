import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { goBuild } from "../../setup/goBuild.ts";
import { dockerPlugin } from "./fakeTool.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
const go = (body: string) => script(join(folder, "bin", "go"), `[ "$1" = env ] && echo go1.99 && exit\n${body}`);
const build = (progress: (text: string) => void = () => undefined) => goBuild(dockerPlugin(), folder, folder, progress);

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
  go(
    `env > "${folder}/environment"; pwd >> "${folder}/environment"; [ "$1" = list ] || touch "${folder}/pulumi-resource-docker"`,
  );
  expect(await build()).toBe("built with go1.99");
  expect(existsSync(join(folder, "pulumi-resource-docker"))).toBe(true);
  const environment = readFileSync(join(folder, "environment"), "utf8");
  expect(environment).toMatch(/^GOFLAGS=-mod=readonly /m);
  expect(environment).toContain(`GOMODCACHE=${folder}/cache/go/mod\n`);
  expect(environment).toMatch(/\/toolchain\/docker$/m);
  expect(environment).not.toMatch(/insecure|GONOSUMDB|GOINSECURE|GOPRIVATE/);
});

test("progress tells modules and packages", async () => {
  go(`if [ "$1" = list ]; then echo "go: downloading a v1" >&2; printf 'a\\nb\\n'; else echo a >&2; fi`);
  const told: string[] = [];
  await build((text) => told.push(text));
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

test("a machine without Go is told so", async () => {
  vi.stubEnv("PATH", folder);
  await expect(build()).rejects.toThrow(/tried to build it with Go, which must be 1\.21 or newer: .*ENOENT/);
});
