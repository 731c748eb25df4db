import { existsSync } from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { executable, toolFolder, tools } from "./tools.ts";

/**
 * The variables with which Pulumi by hand works on the same stacks as Drydock: its home, its backend, which is a folder of
 * the home, and what reads its secrets.
 * @param base The environment whose PATH is extended; that of this process by default.
 */
export function environment(home: string, base: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return {
    DRYDOCK_HOME: home,
    PATH: path(home, base.PATH ?? "", dirname(base.PULUMI_HOME ?? "")),
    PULUMI_HOME: join(home, "pulumi"),
    PULUMI_BACKEND_URL: fileUrl(join(home, "state")),
    PULUMI_CONFIG_PASSPHRASE_FILE: join(home, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Plugins come from PULUMI_HOME alone; one that happens to be on PATH would be taken instead, with a warning.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    NODE_COMPILE_CACHE: compileCache(home),
  };
}

/** What has a meaning in URLs is escaped; Pulumi would take another folder, or no backend at all. */
export function fileUrl(path: string): string {
  return `file://${encodeURI(path.replaceAll("\\", "/")).replaceAll(/[?#]/g, encodeURIComponent)}`;
}

/** Where Node.js keeps what it compiled, which halves the time that a command or a program takes to start. */
export const compileCache = (home: string): string => join(home, "cache", "node");

/** Pulumi first, then the Node.js that runs this process, unless PATH finds the same one anyway. */
function path(home: string, inherited: string, before: string): string {
  const [pulumi] = tools();
  const entries = inherited
    .split(delimiter)
    .filter((entry) => entry !== "" && !entry.startsWith(join(before, "tools") + sep));
  const node = dirname(process.execPath);
  const found = entries.find((entry) => existsSync(join(entry, executable("node"))));
  const others = found === node ? entries : [node, ...entries.filter((entry) => entry !== node)];
  return [toolFolder(home, pulumi), ...others].join(delimiter);
}
