import { createHash } from "node:crypto";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { join, relative } from "node:path";
import { outerEngine } from "../../../engine/outer.ts";
import { homeLabel } from "../../../stacks/home.ts";
import { label } from "../../../stacks/labels.ts";
import type { Sandbox } from "./sandbox.ts";
import { testStack } from "./testStack.ts";

/** All that Drydock could leave on a machine. */
export interface Inventory {
  /** Containers, networks and volumes of this home, by label or by the names of its stacks. */
  objects: string[];
  /** Files of the user and of the home, and temporary ones: path, mode and a hash of the content. */
  files: string[];
  processes: string[];
}

/** What stacks of these tests made is named so, whatever its labels. */
const ofTestStack = new RegExp(`^\\w+ /?(drydock-)?${testStack("\\w+")}\\b`);

/** What there is now of this sandbox's; other things come and go on the machine while tests run. */
export async function takeInventory({ root, home }: Sandbox): Promise<Inventory> {
  const { containers, networks, volumes } = await listAll();
  const ours = [
    ...containers.map(({ Names: [name], Labels: labels }) => ({ name: `container ${name}`, labels })),
    ...networks.map(({ Name: name, Labels: labels }) => ({ name: `network ${name}`, labels })),
    ...volumes.map(({ Name: name, Labels: labels }) => ({ name: `volume ${name}`, labels })),
  ].filter(({ name, labels }) => labels?.[label.home] === homeLabel() || ofTestStack.test(name));
  return {
    objects: ours.map(({ name }) => name).sort(),
    files: (await filesOf(root)).sort(),
    processes: (await processesOf(home)).map(({ command }) => command).sort(),
  };
}

/** Networks and volumes that the containers of this home use, whatever their names and labels. */
export async function usedObjects(): Promise<string[]> {
  const containers = (await listAll()).containers.filter(({ Labels: labels }) => labels[label.home] === homeLabel());
  const used = containers.flatMap(({ Mounts: mounts, NetworkSettings: { Networks: networks } }) => [
    ...mounts.flatMap(({ Name: name }) => (name ? [`volume ${name}`] : [])),
    ...Object.keys(networks).map((name) => `network ${name}`),
  ]);
  return [...new Set(used)].sort();
}

/** Which of these networks and volumes are there; what all stacks share is meant to be. */
export async function stillThere(objects: string[]): Promise<string[]> {
  const { networks, volumes } = await listAll();
  const there = [
    ...networks.map(({ Name: name }) => `network ${name}`),
    ...volumes
      .filter(({ Labels: labels }) => labels?.[label.cache] === undefined)
      .map(({ Name: name }) => `volume ${name}`),
  ];
  return objects.filter((object) => there.includes(object));
}

async function listAll() {
  const engine = await outerEngine();
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    engine.listContainers({ all: true }),
    engine.listNetworks(),
    engine.listVolumes(),
  ]);
  return { containers, networks, volumes: volumes as { Name: string; Labels: Record<string, string> | null }[] };
}

/** Not compared: Pulumi's logs of no stack, which it rotates, what it notes of a plugin's last use, and the tools. */
const passing = /\/pulumi\/logs\/pulumi-[^/]*\.log$|\.lastused$|\/home\/tools\//;

async function filesOf(root: string, folder = root): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (passing.test(path)) continue;
    const found = await lstat(path);
    const mode = (found.mode & 0o777).toString(8);
    if (found.isDirectory()) lines.push(`${relative(root, path)}/ ${mode}`, ...(await filesOf(root, path)));
    else if (found.isSymbolicLink()) lines.push(`${relative(root, path)} -> ${await readlink(path)}`);
    else if (found.isFile()) lines.push(`${relative(root, path)} ${mode} ${hashOf(await readFile(path))}`);
    else lines.push(`${relative(root, path)}, a pipe or a socket`);
  }
  return lines;
}

const hashOf = (content: Buffer) => createHash("sha256").update(content).digest("hex").slice(0, 12);

/** The processes that were started for a home, which their environment tells. */
export async function processesOf(home: string): Promise<{ pid: number; command: string }[]> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const found = ids.map(async (id) => {
    const read = (file: string) => readFile(join("/proc", id, file), "utf8").catch(() => "");
    const ofHome = (await read("environ")).split("\0").includes(`DRYDOCK_HOME=${home}`);
    const command = ofHome ? (await read("cmdline")).split("\0").join(" ").trim() : "";
    return command ? [{ pid: Number(id), command }] : [];
  });
  return (await Promise.all(found)).flat();
}
