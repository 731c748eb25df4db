import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { findInstalled } from "../../setup/findInstalled.ts";
import { dockerPlugin, pulumiCli } from "./fakeTool.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
let into: string;
let home: string;
let told: string[];
const bin = (name: string) => join(folder, "bin", name);

beforeEach(() => {
  folder = scratchFolder();
  into = scratchFolder();
  told = [];
  home = join(folder, "home");
  vi.stubEnv("PATH", `${home}/tools/old:${join(folder, "bin")}:/usr/bin:/bin`);
  vi.stubEnv("HOME", folder);
  return () => vi.unstubAllEnvs();
});

const find = (tool = pulumiCli()) => findInstalled(tool, into, home, (text) => told.push(text));

test("a newer Pulumi of the same major version is taken with the language host beside it", async () => {
  script(bin("pulumi"), "echo v3.999.0");
  script(bin("pulumi-language-nodejs"), "echo host");
  expect(await find()).toBe(`3.999.0, found in ${join(folder, "bin")}`);
  expect(told).toEqual([]);
  expect(readFileSync(join(into, "pulumi"), "utf8")).toContain("v3.999.0");
  expect(readFileSync(join(into, "pulumi-language-nodejs"), "utf8")).toContain("host");
});

test("an older Pulumi is refused by its version", async () => {
  script(bin("pulumi"), "echo v3.1.0");
  script(bin("pulumi-language-nodejs"), "");
  await expect(find()).rejects.toThrow(/pulumi is 3\.1\.0, \S+ or a newer 3\.x is needed$/);
  expect(told).toEqual([expect.stringMatching(/pulumi is 3\.1\.0.*: not used/)]);
});

test("an older Pulumi does not hide a newer one further down PATH", async () => {
  vi.stubEnv("PATH", `${join(folder, "old")}:${process.env.PATH ?? ""}`);
  script(join(folder, "old", "pulumi"), "echo v3.1.0");
  script(bin("pulumi"), "echo v3.999.0");
  script(bin("pulumi-language-nodejs"), "");
  expect(await find()).toContain(join(folder, "bin"));
});

test("a Pulumi without its language host is refused", async () => {
  script(bin("pulumi"), "echo v3.999.0");
  await expect(find()).rejects.toThrow(/pulumi-language-nodejs is not beside/);
});

test("what we put into the home ourselves does not count as the machine's", async () => {
  script(join(home, "tools", "old", "pulumi"), "echo v3.999.0");
  script(join(home, "tools", "old", "pulumi-language-nodejs"), "");
  await expect(find()).rejects.toThrow(/there is none/);
});

test("a plugin must be of the exact version", async () => {
  const { version } = dockerPlugin();
  script(bin("pulumi-resource-docker"), "echo 5.1.9");
  await expect(find(dockerPlugin())).rejects.toThrow(/pulumi-resource-docker is 5\.1\.9, \S+ is needed/);
  script(bin("pulumi-resource-docker"), `echo v${version}`);
  expect(await find(dockerPlugin())).toContain(join(folder, "bin"));
});

test("a plugin that the user's own Pulumi has is taken", async () => {
  const own = join(folder, ".pulumi", "plugins", `resource-docker-v${dockerPlugin().version}`);
  script(join(own, "pulumi-resource-docker"), "echo own");
  expect(await find(dockerPlugin())).toContain(own);
});

test("a plugin that the user's own Pulumi has not finished installing is not", async () => {
  const own = join(folder, ".pulumi", "plugins", `resource-docker-v${dockerPlugin().version}`);
  script(join(own, "pulumi-resource-docker"), "echo half");
  writeFileSync(`${own}.partial`, "");
  await expect(find(dockerPlugin())).rejects.toThrow(/there is none/);
});
