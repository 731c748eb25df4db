import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkout } from "../stacks/home.ts";
import type { GoPatch } from "./goPatch.ts";

/** A Go program that stands in for a published binary. */
export interface GoProgram {
  /** Name of the binary, without the ".exe" of Windows. */
  binary: string;
  /** Folder in toolchain/ with its go.mod. */
  module: string;
  package: string;
  /** Go variable that the linker sets to the version. */
  versionVariable?: string;
  /** What is changed in one of the module's dependencies. */
  patch?: GoPatch;
}

/** A published archive and the checksums published with it. */
export interface Release {
  archive: string;
  checksums: string;
  /** Folder in the archive that holds the binaries. */
  folder: string;
}

/** Something Pulumi needs, of one version: a folder of binaries. */
export interface Tool {
  name: "pulumi" | "docker" | "command" | "aws";
  title: string;
  /** Without a "v" in front. */
  version: string;
  programs: [GoProgram, ...GoProgram[]];
  release: Release;
}

const executableSuffix = process.platform === "win32" ? ".exe" : "";

/** File name of a tool's binary on this platform. */
export const executable = (binary: string): string => `${binary}${executableSuffix}`;

/** The tools that every stack needs, in the order they are got, of the versions that toolchain/ and package.json pin. */
export function tools(folder = checkout): [Tool, Tool, Tool] {
  const plugin = (name: PluginName) => pluginTool(name, npmVersion(name, folder));
  return [pulumiTool(pulumiVersion(folder)), plugin("docker"), plugin("command")];
}

/** What stacks of the target ec2 need besides. Its provider is built without the services that they do not use. */
export function awsPlugin(folder = checkout): Tool {
  const plugin = pluginTool("aws", npmVersion("aws", folder));
  const patch = { dependency: "github.com/hashicorp/terraform-provider-aws", files: "_provider" };
  return { ...plugin, programs: [{ ...plugin.programs[0], patch }] };
}

type PluginName = Exclude<Tool["name"], "pulumi">;

function npmVersion(plugin: PluginName, folder: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return dependencies[`@pulumi/${plugin}`] ?? "";
}

function pulumiVersion(folder: string): string {
  const goMod = readFileSync(join(folder, "toolchain", "pulumi", "go.mod"), "utf8");
  return /github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/.exec(goMod)?.[1] ?? "";
}

function pulumiTool(version: string): Tool {
  const [os, extension] = process.platform === "win32" ? ["windows", "zip"] : [process.platform, "tar.gz"];
  const base = `https://github.com/pulumi/pulumi/releases/download/v${version}`;
  return {
    name: "pulumi",
    title: "Pulumi CLI and its Node.js language host",
    version,
    programs: [
      {
        binary: "pulumi",
        module: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
      },
      {
        binary: "pulumi-language-nodejs",
        module: "language-nodejs",
        package: "github.com/pulumi/pulumi/sdk/nodejs/cmd/pulumi-language-nodejs/v3",
      },
    ],
    release: {
      archive: `${base}/pulumi-v${version}-${os}-${process.arch}.${extension}`,
      checksums: `${base}/pulumi-${version}-checksums.txt`,
      folder: process.platform === "win32" ? join("pulumi", "bin") : "pulumi",
    },
  };
}

function pluginTool(name: PluginName, version: string): Tool {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  const base = `https://github.com/pulumi/pulumi-${name}/releases/download/v${version}`;
  const binary = `pulumi-resource-${name}`;
  return {
    name,
    title: `Pulumi plugin ${name}`,
    version,
    programs: [{ binary, module: name, package: ".", versionVariable: "main.version" }],
    release: {
      archive: `${base}/${binary}-v${version}-${os}-${arch}.tar.gz`,
      checksums: `${base}/pulumi-${name}_${version}_checksums.txt`,
      folder: ".",
    },
  };
}

/** Name of the folder that holds a tool: another for every version and every change of its sources in toolchain/. */
export function toolId(tool: Tool, folder = checkout): string {
  const hash = createHash("sha256").update(`${process.platform} ${process.arch}`);
  for (const { module } of tool.programs) hashFolder(join(folder, "toolchain", module), hash);
  return `${tool.name}-${tool.version}-${hash.digest("hex").slice(0, 12)}`;
}

function hashFolder(folder: string, hash: ReturnType<typeof createHash>): void {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    hash.update(`\0${entry.name}\0`);
    if (entry.isDirectory()) hashFolder(join(folder, entry.name), hash);
    else hash.update(readFileSync(join(folder, entry.name)));
  }
}

/** Where a home keeps a tool. */
export function toolFolder(home: string, tool: Tool, folder = checkout): string {
  return join(home, "tools", toolId(tool, folder));
}

/** Where a home's Pulumi looks for a plugin. */
export function pluginFolder(home: string, tool: Tool): string {
  return join(home, "pulumi", "plugins", `resource-${tool.name}-v${tool.version}`);
}
