import { existsSync } from "node:fs";
import { copyFile, realpath, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";
import { execa } from "execa";
import { NotThisWay } from "./notThisWay.ts";
import { executable, type Tool } from "./tools.ts";
import { isUsable } from "./version.ts";

/** A tool's binaries on the machine. */
interface Found {
  folder: string;
  version: string;
}

/**
 * Takes a tool that the machine has: the Pulumi CLI from PATH, with its language host beside it; a plugin of the exact
 * version from Pulumi's own folder or from PATH.
 * @param into Gets links to the binaries.
 * @param note Told of what is there and cannot be used.
 * @returns its version, and where they are.
 * @throws NotThisWay when there is none of a usable version.
 */
export async function findInstalled(
  tool: Tool,
  into: string,
  home: string,
  note: (text: string) => void,
): Promise<string> {
  const refused: string[] = [];
  const found = tool.name === "pulumi" ? await findPulumi(tool, home, refused) : await findPlugin(tool, home, refused);
  if (!found) {
    for (const reason of refused) note(`${reason}: not used`);
    throw new NotThisWay(wanted(tool), refused.join("; ") || "there is none");
  }
  const { folder, version } = found;
  for (const { binary } of tool.programs) {
    const name = executable(binary);
    if (process.platform === "win32") await copyFile(join(folder, name), join(into, name));
    else await symlink(join(folder, name), join(into, name));
  }
  return `${version}, found in ${folder}`;
}

function wanted(tool: Tool): string {
  return tool.name === "pulumi"
    ? `pulumi ${tool.version} or a newer 3.x on PATH`
    : `${tool.programs[0].binary} ${tool.version} in ${ownPlugin(tool)} and on PATH`;
}

async function findPulumi(tool: Tool, home: string, refused: string[]): Promise<Found | undefined> {
  for (const file of onPath("pulumi", home)) {
    const folder = dirname(await realpath(file));
    const version = (await answerOf(file, "version")).replace(/^v/, "");
    const missing = tool.programs.find(({ binary }) => !existsSync(join(folder, executable(binary))));
    if (!isUsable(version, tool.version)) {
      refused.push(`${file} is ${version}, ${tool.version} or a newer 3.x is needed`);
    } else if (missing) refused.push(`${missing.binary} is not beside ${file}`);
    else return { folder, version };
  }
  return undefined;
}

async function findPlugin(tool: Tool, home: string, refused: string[]): Promise<Found | undefined> {
  const { version } = tool;
  const [{ binary }] = tool.programs;
  const own = ownPlugin(tool);
  // Pulumi marks one that it has not finished installing.
  if (existsSync(join(own, executable(binary))) && !existsSync(`${own}.partial`)) return { folder: own, version };
  for (const file of onPath(binary, home)) {
    const answer = (await answerOf(file, "-version")).replace(/^v/, "");
    if (answer === version) return { folder: dirname(await realpath(file)), version };
    refused.push(`${file} is ${answer}, ${version} is needed`);
  }
  return undefined;
}

const ownPlugin = ({ name, version }: Tool) => join(homedir(), ".pulumi", "plugins", `resource-${name}-v${version}`);

/** Files of that name on PATH, ours left out. */
function onPath(binary: string, home: string): string[] {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.startsWith(home + sep))
    .map((folder) => join(folder, executable(binary)))
    .filter((file) => existsSync(file));
}

/** What a program says its version is: one line. */
async function answerOf(file: string, argument: string): Promise<string> {
  const { stdout, shortMessage } = await execa(file, [argument], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
    stdin: "ignore",
    timeout: 10_000,
  });
  return (stdout.trim() || (shortMessage ?? "silent")).split("\n")[0] ?? "";
}
