import { existsSync } from "node:fs";
import { lstat, readdir, rm, rmdir } from "node:fs/promises";
import { homedir, hostname } from "node:os";
import { dirname, join } from "node:path";
import { sshDestination } from "../engine/remoteMachine.ts";
import { isGone } from "../stacks/home.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { readIfThere, removeParts, rewriteFile, writePrivateFile } from "./privateFile.ts";

/** A host as ssh knows it. */
export interface SshAlias {
  /** Name for `ssh`, such as "drydock-dev-manager-1". */
  alias: string;
  /** Address of its sshd; loopback by default. */
  host?: string;
  /** Port of its sshd. */
  port: number;
  /** The pinned host key: "ssh-ed25519 AAAA...". */
  hostKey: string;
  /** URL of the engine on another machine whose loopback that port is on; this machine by default. */
  via?: string;
}

/**
 * The files of a folder by which ssh reaches a stack's hosts: names to contents.
 * @param privateKey Undefined where ssh is to use the keys that its user has.
 */
export function sshFiles(folder: string, hosts: SshAlias[], privateKey?: string): Record<string, string> {
  const blocks = hosts.map(({ alias, host = "127.0.0.1", port, via }) =>
    [
      `Host ${alias}`,
      `  HostName ${host}`,
      `  Port ${port}`,
      "  User root",
      `  HostKeyAlias ${alias}`,
      ...(privateKey === undefined
        ? []
        : [`  IdentityFile ${quoted(withoutTokens(join(folder, "id_ed25519")))}`, "  IdentitiesOnly yes"]),
      `  UserKnownHostsFile ${quoted(withoutTokens(join(folder, "known_hosts")))}`,
      "  StrictHostKeyChecking yes",
      ...(via === undefined ? [] : [`  ProxyCommand ${jumpCommand(via)}`]),
      "",
    ].join("\n"),
  );
  return {
    ...(privateKey === undefined ? {} : { id_ed25519: privateKey }),
    known_hosts: hosts.map(({ alias, hostKey }) => `${alias} ${hostKey}\n`).join(""),
    ssh_config: blocks.join("\n"),
  };
}

/** How ssh gets to a host on another machine: by an ssh of its own, which reads the user's configuration and known hosts. */
const jumpCommand = (via: string) => `ssh -o StrictHostKeyChecking=yes -W %h:%p ${sshDestination(via).join(" ")}`;

/** The learner's own ssh configuration. */
export const userSshConfig = () => join(homedir(), ".ssh", "config");

/** What makes the learner's ssh read the ssh_config of every stack in a folder. */
function includeOf(stacks: string): string {
  return asBytes(`Include ${quoted(join(stacks.replaceAll(/[\\*?[]/g, "\\$&"), "*", "ssh_config"))}`);
}

/** Marks the line as ours to take out; one that the learner wrote has none. */
const mark = " # Drydock on ";
const madeFile = ", which made this file";
const madeFolder = `${madeFile} and its folder`;

const quoted = (path: string) => `"${path.replaceAll('"', '\\"')}"`;

/** ssh reads % as the start of a token in some of its paths. */
const withoutTokens = (path: string) => path.replaceAll("%", "%%");

/** The configuration may be in any encoding, so its text is handled as bytes, a character each. */
const asBytes = (text: string) => Buffer.from(text).toString("latin1");
const readBytes = (path: string) => readIfThere(path, "latin1");
const rewriteBytes = (path: string, bytes: string) => rewriteFile(path, Buffer.from(bytes, "latin1"));

/**
 * Makes the learner's ssh know the stacks beside this folder. An Include must come before the first Host.
 * @throws VisibleError when the configuration cannot be changed, with what to write there by hand.
 */
export async function addInclude(stackFolder: string, path = userSshConfig()): Promise<void> {
  if (await hasInclude(stackFolder, path)) return;
  const include = includeOf(dirname(stackFolder));
  await prepend(include, path).catch((error: unknown) => {
    throw new VisibleError(`${path} cannot be changed: ${(error as Error).message}`, {
      fix: `Put this line at its top by hand, and run ./drydock up again: ${include}`,
    });
  });
}

async function prepend(include: string, path: string): Promise<void> {
  const missing = existsSync(dirname(path)) ? madeFile : madeFolder;
  const config = await readBytes(path);
  if (config === undefined && (await isLink(path))) throw new Error("it is a link to a file that is not there");
  const ours = (config ?? "").split("\n").filter((line) => line.includes(mark));
  const made = [madeFolder, madeFile].find((words) => ours.some((line) => line.endsWith(words)));
  const line = `${include}${mark}${hostname()}${config === undefined ? missing : (made ?? "")}\n`;
  if (config === undefined) await writePrivateFile(path, Buffer.from(line, "latin1"));
  else await rewriteBytes(path, line + config);
}

/**
 * Takes the line out again once no stack beside this folder has an ssh_config, and those of homes that are gone from this
 * machine. A file and a folder that were made for it, and hold no more, go too.
 * @throws VisibleError when the configuration cannot be changed.
 */
export async function removeInclude(stackFolder: string, path = userSshConfig()): Promise<void> {
  await removeParts(path);
  const config = (await readBytes(path)) ?? "";
  const needless = await needlessIncludes(dirname(stackFolder), path);
  if (needless.length === 0) return;
  const rest = config.split("\n").filter((line) => !needless.includes(line));
  const made = (words: string) => rest.join("") === "" && needless.some((line) => line.includes(words));
  try {
    if (made(madeFile) && !(await isLink(path))) await rm(path);
    else await rewriteBytes(path, rest.join("\n"));
    if (made(madeFolder)) await removeIfEmpty(dirname(path));
  } catch (error) {
    throw new VisibleError(`${path} cannot be changed: ${(error as Error).message}`, {
      fix: `Take this out of it by hand: ${needless.join(" and ")}`,
    });
  }
  // One may have come up meanwhile, and found the line there.
  if (await hasStack(dirname(stackFolder))) await addInclude(stackFolder, path);
}

/** Lines of ours in the learner's ssh configuration that lead to no stack. */
export async function needlessIncludes(stacks: string, path = userSshConfig()): Promise<string[]> {
  const isNeeded = await hasStack(stacks);
  const lines = ((await readBytes(path)) ?? "").split("\n").filter((line) => line.includes(mark));
  return lines.filter((line) => (line.startsWith(includeOf(stacks) + mark) ? !isNeeded : isOfGoneHome(line)));
}

function isOfGoneHome(line: string): boolean {
  const [, pattern, machine] = /^Include "(.*)" # Drydock on ([^,]*)/.exec(line) ?? [];
  if (pattern === undefined || machine !== hostname()) return false;
  const text = Buffer.from(pattern, "latin1").toString();
  const stacks = dirname(dirname(text.replaceAll('\\"', '"').replaceAll(/\\([\\*?[])/g, "$1")));
  return isGone(dirname(stacks));
}

const isLink = (path: string) =>
  lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );

async function removeIfEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch((error: unknown) => {
    if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  });
}

async function hasStack(stacks: string): Promise<boolean> {
  const names = existsSync(stacks) ? await readdir(stacks) : [];
  return names.some((name) => existsSync(join(stacks, name, "ssh_config")));
}

/** Whether the learner's ssh configuration names the stacks beside this folder, by our line or by one of theirs. */
export async function hasInclude(stackFolder: string, path = userSshConfig()): Promise<boolean> {
  const include = includeOf(dirname(stackFolder));
  const lines = ((await readBytes(path)) ?? "").split("\n");
  return lines.some((line) => line === include || line.startsWith(include + mark));
}
