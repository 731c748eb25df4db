import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import { MachineError } from "../stacks/machineError.ts";
import { download } from "./download.ts";
import { findInstalled } from "./findInstalled.ts";
import { goBuild } from "./goBuild.ts";
import { withToolsLock } from "./lock.ts";
import { firstWay } from "./notThisWay.ts";
import type { Say, SetupStep } from "./step.ts";
import { executable, pluginFolder, toolFolder, type Tool } from "./tools.ts";

/** A tool in its own folder of the home: found on the machine, else downloaded, else built. */
export function toolStep(home: string, tool: Tool): SetupStep {
  const folder = toolFolder(home, tool);
  const originFile = join(folder, "origin");
  const complete = () => [originFile, ...binaries(tool, folder)].every((file) => existsSync(file));
  const detail = () => readFileSync(originFile, "utf8");
  const plugin = tool.name === "pulumi" ? undefined : pluginLink(home, tool, folder);

  return {
    title: tool.title,
    look: async () => (complete() && (!plugin || (await isPlaced(plugin))) ? detail() : undefined),
    async make(say) {
      await withToolsLock(home, `getting the ${tool.title}`, say, async () => {
        if (!complete()) await get(home, tool, folder, say);
        if (plugin) await place(plugin);
      });
      return detail();
    },
  };
}

const binaries = (tool: Tool, folder: string) => tool.programs.map(({ binary }) => join(folder, executable(binary)));

/**
 * Fills the tool's folder, whole or not at all. A killed set-up may have left a `go` that still writes, so each works in
 * a folder of its own.
 */
async function get(home: string, tool: Tool, folder: string, say: Say): Promise<void> {
  const prefix = `${basename(folder)}.new-`;
  for (const left of (await readdir(dirname(folder))).filter((name) => name.startsWith(prefix))) {
    await rm(join(dirname(folder), left), { recursive: true, force: true });
  }
  const work = await mkdtemp(join(dirname(folder), prefix));
  try {
    const got = await firstWay([
      () => findInstalled(tool, work, home, say.note),
      () => download(tool, work, say),
      () => goBuild(tool, work, home, say),
    ]);
    if ("details" in got) {
      const { details } = got;
      throw new MachineError(`The ${tool.title} ${tool.version} could not be got`, { details, fix: byHand(tool) });
    }
    writeFileSync(join(work, "origin"), got.value);
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function byHand({ name, version }: Tool): string {
  const install =
    name === "pulumi"
      ? `Pulumi ${version} or a newer 3.x from https://www.pulumi.com/docs/install/, so that \`pulumi\` is on PATH`
      : `the plugin with \`pulumi plugin install resource ${name} ${version}\``;
  return `install ${install}; or Go, see docs/setup.md; then run this again`;
}

/** A plugin's binary, and where Pulumi looks for it. */
interface PluginLink {
  file: string;
  link: string;
}

function pluginLink(home: string, tool: Tool, folder: string): PluginLink {
  const name = executable(tool.programs[0].binary);
  return { file: join(folder, name), link: join(pluginFolder(home, tool), name) };
}

async function isPlaced({ file, link }: PluginLink): Promise<boolean> {
  if (!existsSync(link) || process.platform === "win32") return existsSync(link);
  return (await realpath(link)) === (await realpath(file));
}

/** Replaces what is there at once: by a link, or a copy on Windows, where links need privileges. */
async function place({ file, link }: PluginLink): Promise<void> {
  const fresh = `${link}.${process.pid}`;
  await mkdir(dirname(link), { recursive: true });
  if (process.platform === "win32") await copyFile(file, fresh);
  else await symlink(relative(dirname(link), file), fresh);
  await rename(fresh, link);
}
