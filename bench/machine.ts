import { cpus, loadavg, release, totalmem } from "node:os";
import { createRequire } from "node:module";
import type Docker from "dockerode";
import { execa } from "execa";
import { environment } from "../setup/environment.ts";
import { homeFolder } from "../stacks/home.ts";

/** What the figures were taken on. */
export interface Machine {
  cpus: number;
  model: string;
  memoryMib: number;
  system: string;
  kernel: string;
  /** Processes that wanted to run, in the minute before: more than a few tenths spoil the figures. */
  loadBefore: number;
  versions: Record<string, string>;
}

/** Says what this machine is. */
export async function machineOf(engine: Docker, compose: string[] | undefined): Promise<Machine> {
  const [info, version, pulumiVersion, composeVersion] = await Promise.all([
    engine.info() as Promise<{ OperatingSystem: string; Driver: string; CgroupVersion?: string }>,
    engine.version(),
    execa("pulumi", ["version"], { env: environment(homeFolder()), stdin: "ignore" }),
    compose && execa({ stdin: "ignore" })`${compose} version --short`.then(({ stdout }) => stdout),
  ]);
  const cores = cpus();
  return {
    cpus: cores.length,
    model: cores[0]?.model.trim() ?? "unknown",
    memoryMib: Math.round(totalmem() / 2 ** 20),
    system: info.OperatingSystem,
    kernel: release(),
    loadBefore: loadavg()[0] ?? 0,
    versions: {
      "Node.js": process.versions.node,
      "Docker engine": `${version.Version}, ${info.Driver}, cgroup v${info.CgroupVersion ?? "1"}`,
      Pulumi: pulumiVersion.stdout.replace(/^v/, ""),
      "@pulumi/docker": packageVersion("@pulumi/docker"),
      "@pulumi/command": packageVersion("@pulumi/command"),
      ...(composeVersion !== undefined && { "Docker Compose": composeVersion.trim() }),
    },
  };
}

function packageVersion(name: string): string {
  return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
}
