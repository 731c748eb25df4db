import { existsSync } from "node:fs";
import { copyFile, realpath, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { execa } from "execa";
import { NotThisWay } from "./notThisWay.ts";
import { executable, type Tool } from "./tools.ts";
import { isUsable } from "./version.ts";

/**
 * Takes a tool that the machine has: the Pulumi CLI from PATH, with its language host beside it; a plugin of the exact
 * version from Pulumi's own folder or from PATH.
 * @param into Gets links to the binaries.
 * @returns where they are.
 * @throws NotThisWay when there is none of a usable version.
 */
export async function findInstalled(tool: Tool, into: string, home: string): Promise<string> {
  const folder = tool.name === "pulumi" ? await findPulumi(tool, home) : await findPlugin(tool, home);
  for (const { binary } of tool.programs) {
    const name = executable(binary);
    if (process.platform === "win32") await copyFile(join(folder, name), join(into, name));
    else await symlink(join(folder, name), join(into, name));
  }
  return `found in ${folder}`;
}

async function findPulumi({ version, programs }: Tool, home: string): Promise<string> {
  const tried = `pulumi ${version} or a newer 3.x on PATH`;
  const file = onPath("pulumi", home)[0];
  if (file === undefined) throw new NotThisWay(tried, "there is none");
  const folder = dirname(await realpath(file));
  const found = await answerOf(file, "version");
  if (!isUsable(found, version)) throw new NotThisWay(tried, `${file} is ${found}`);
  const missing = programs.find(({ binary }) => !existsSync(join(folder, executable(binary))));
  if (missing) throw new NotThisWay(tried, `${missing.binary} is not beside ${file}`);
  return folder;
}

async function findPlugin({ name, version, programs: [{ binary }] }: Tool, home: string): Promise<string> {
  const own = join(homedir(), ".pulumi", "plugins", `resource-${name}-v${version}`);
  if (existsSync(join(own, executable(binary)))) return own;
  for (const file of onPath(binary, home)) {
    if ((await answerOf(file, "-version")).replace(/^v/, "") === version) return dirname(await realpath(file));
  }
  throw new NotThisWay(`${binary} ${version} in ${own} and on PATH`, "there is none that says it is this version");
}

/** Files of that name on PATH, ours left out. */
function onPath(binary: string, home: string): string[] {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.startsWith(home + sep))
    .map((folder) => join(folder, executable(binary)))
    .filter((file) => existsSync(file));
}

async function answerOf(file: string, argument: string): Promise<string> {
  const { stdout, shortMessage } = await execa(file, [argument], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  return stdout.trim() || (shortMessage ?? "silent");
}
