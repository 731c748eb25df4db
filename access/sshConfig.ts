import { existsSync } from "node:fs";
import { lstat, readdir, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { readIfThere, rewriteFile, writePrivateFile } from "./privateFile.ts";

/** A host as ssh knows it. */
export interface SshAlias {
  /** Name for `ssh`, such as "drydock-dev-manager-1". */
  alias: string;
  /** Loopback port of its sshd. */
  port: number;
  /** The pinned host key: "ssh-ed25519 AAAA...". */
  hostKey: string;
}

/** The files of a stack's folder by which ssh reaches its hosts: names to contents. */
export function sshFiles(folder: string, hosts: SshAlias[], privateKey: string): Record<string, string> {
  const blocks = hosts.map(({ alias, port }) =>
    [
      `Host ${alias}`,
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      "  User root",
      `  HostKeyAlias ${alias}`,
      `  IdentityFile ${quoted(withoutTokens(join(folder, "id_ed25519")))}`,
      "  IdentitiesOnly yes",
      `  UserKnownHostsFile ${quoted(withoutTokens(join(folder, "known_hosts")))}`,
      "  StrictHostKeyChecking yes",
      "",
    ].join("\n"),
  );
  return {
    id_ed25519: privateKey,
    known_hosts: hosts.map(({ alias, hostKey }) => `${alias} ${hostKey}\n`).join(""),
    ssh_config: blocks.join("\n"),
  };
}

/** The learner's own ssh configuration. */
export const userSshConfig = () => join(homedir(), ".ssh", "config");

/** The line that makes the learner's ssh read the ssh_config of every stack beside this one. */
function includeLine(stackFolder: string): string {
  const stacks = dirname(stackFolder).replaceAll(/[\\*?[]/g, "\\$&");
  return asBytes(`Include ${quoted(join(stacks, "*", "ssh_config"))} # Drydock`);
}

const quoted = (path: string) => `"${path.replaceAll('"', '\\"')}"`;

/** ssh reads % as the start of a token in some of its paths. */
const withoutTokens = (path: string) => path.replaceAll("%", "%%");

/** The configuration may be in any encoding, so its text is handled as bytes, a character each. */
const asBytes = (text: string) => Buffer.from(text).toString("latin1");
const readBytes = (path: string) => readIfThere(path, "latin1");
const rewriteBytes = (path: string, bytes: string) => rewriteFile(path, Buffer.from(bytes, "latin1"));

/** Makes the learner's ssh know the stacks beside this folder. An Include must come before the first Host. */
export async function addInclude(stackFolder: string, path = userSshConfig()): Promise<void> {
  if (await hasInclude(stackFolder, path)) return;
  const config = await readBytes(path);
  if (config === undefined) await writePrivateFile(path, "");
  await rewriteBytes(path, `${includeLine(stackFolder)}\n${config ?? ""}`);
}

/** Takes the line out again once no stack beside this folder has an ssh_config; a file that held no more goes too. */
export async function removeInclude(stackFolder: string, path = userSshConfig()): Promise<void> {
  if ((await hasStack(dirname(stackFolder))) || !(await hasInclude(stackFolder, path))) return;
  const lines = (await readBytes(path))?.split("\n") ?? [];
  const rest = lines.filter((line) => line !== includeLine(stackFolder)).join("\n");
  if (rest === "" && !(await lstat(path)).isSymbolicLink()) await rm(path);
  else await rewriteBytes(path, rest);
}

async function hasStack(stacks: string): Promise<boolean> {
  const names = existsSync(stacks) ? await readdir(stacks) : [];
  return names.some((name) => existsSync(join(stacks, name, "ssh_config")));
}

/** Whether the learner's ssh configuration names the stacks beside this folder. */
export async function hasInclude(stackFolder: string, path = userSshConfig()): Promise<boolean> {
  return ((await readBytes(path)) ?? "").split("\n").includes(includeLine(stackFolder));
}
