import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { toolStep } from "../../setup/toolStep.ts";
import { pluginFolder, toolFolder, toolId, tools } from "../../setup/tools.ts";
import { dockerPlugin } from "./fakeTool.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder, script } from "./scratch.ts";

let folder: string;
let home: string;
const tool = dockerPlugin();
const plugin = "pulumi-resource-docker";
const step = () => toolStep(home, tool);
const machineHas = (version: string) => script(join(folder, "bin", plugin), `echo ${version}`);

beforeEach(() => {
  folder = scratchFolder();
  home = join(folder, "home");
  mkdirSync(join(home, "tools"), { recursive: true });
  vi.stubEnv("PATH", join(folder, "bin"));
  vi.stubEnv("HOME", folder);
  return () => vi.unstubAllEnvs();
});

test("a plugin got once is there for Pulumi, and is not got again", async () => {
  machineHas(tool.version);
  expect(await step().look()).toBeUndefined();
  await step().make(quietSay);
  expect(await step().look()).toMatch(new RegExp(`^${tool.version}, found in `));
  expect(readFileSync(join(pluginFolder(home, tool), plugin), "utf8")).toContain(tool.version);
});

test("a found plugin that is gone from the machine later is got anew", async () => {
  machineHas(tool.version);
  await step().make(quietSay);
  rmSync(join(folder, "bin", plugin));
  expect(await step().look()).toBeUndefined();
  script(join(folder, ".pulumi", "plugins", `resource-docker-v${tool.version}`, plugin), "echo again");
  await step().make(quietSay);
  expect(readFileSync(join(pluginFolder(home, tool), plugin), "utf8")).toContain("again");
});

test("what a killed set-up left half done is done anew", async () => {
  machineHas(tool.version);
  mkdirSync(`${toolFolder(home, tool)}.new-abc`);
  writeFileSync(join(`${toolFolder(home, tool)}.new-abc`, plugin), "half a file");
  mkdirSync(toolFolder(home, tool));
  writeFileSync(join(toolFolder(home, tool), plugin), "without its origin");
  expect(await step().look()).toBeUndefined();
  await step().make(quietSay);
  expect(readFileSync(join(pluginFolder(home, tool), plugin), "utf8")).toContain(tool.version);
  expect(readdirSync(join(home, "tools"))).toEqual([toolId(tool)]);
});

test("a plugin of another checkout in Pulumi's folder is replaced by ours without building anew", async () => {
  machineHas(tool.version);
  await step().make(quietSay);
  const link = join(pluginFolder(home, tool), plugin);
  rmSync(link);
  symlinkSync("/bin/true", link);
  expect(await step().look()).toBeUndefined();
  vi.stubEnv("PATH", "/nowhere");
  await step().make(quietSay);
  expect(readFileSync(link, "utf8")).toContain(tool.version);
});

test("when nothing goes, the error names every way, what answered, and what to do by hand", async () => {
  machineHas("1.0.0");
  const failed = step().make(quietSay);
  await expect(failed).rejects.toMatchObject({ name: "MachineError" });
  await expect(failed).rejects.toThrow(`${plugin} ${tool.version} in`);
  await expect(failed).rejects.toThrow(/http:\/\/127\.0\.0\.1:9\/checksums\.txt: \S+/);
  await expect(failed).rejects.toThrow(/to build it with Go/);
  await expect(failed).rejects.toThrow(`pulumi plugin install resource docker ${tool.version}`);
  expect(existsSync(toolFolder(home, tool))).toBe(false);
});

test("a tool's folder is another for every change of its sources, and of its version", () => {
  const checkout = scratchFolder();
  for (const module of ["pulumi", "language-nodejs", "docker", "command"]) {
    mkdirSync(join(checkout, "toolchain", module, "shim"), { recursive: true });
    writeFileSync(join(checkout, "toolchain", module, "go.mod"), "github.com/pulumi/pulumi/pkg/v3 v3.1.2\n");
  }
  const dependencies = { "@pulumi/docker": "5.2.0", "@pulumi/command": "1.2.1" };
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ dependencies }));
  const ids = () => tools(checkout).map((one) => toolId(one, checkout));
  const before = ids();
  expect(before.map((id) => id.replace(/-[0-9a-f]{12}$/, ""))).toEqual([
    "pulumi-3.1.2",
    "docker-5.2.0",
    "command-1.2.1",
  ]);
  expect(ids()).toEqual(before);
  writeFileSync(join(checkout, "toolchain", "docker", "shim", "shim.go"), "package shim\n");
  const after = ids();
  expect([after[0], after[2]]).toEqual([before[0], before[2]]);
  expect(after[1]).not.toBe(before[1]);
});
