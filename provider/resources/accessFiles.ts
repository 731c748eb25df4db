import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { contextsOf, removeContext, writeContext } from "../../access/dockerContexts.ts";
import { readIfThere, writePrivateFile } from "../../access/privateFile.ts";
import { addInclude, hasInclude, removeInclude, sshFiles, type SshAlias } from "../../access/sshConfig.ts";
import type { Handler } from "../handler.ts";

export interface AccessFilesInputs {
  stack: string;
  /** The stack's own folder. */
  folder: string;
  hosts: SshAlias[];
  /** OpenSSH PEM of the learner's key to the hosts. Secret. */
  privateKey: string;
}

export interface AccessFilesOutputs {
  /** Of all that was written. */
  digest: string;
}

/** The learner's way to the hosts: key, known_hosts, ssh_config and Docker contexts. */
export const accessFiles: Handler<AccessFilesInputs, AccessFilesOutputs> = {
  create: async (inputs) => ({ id: inputs.folder, outputs: await write(inputs) }),

  async read(_id, state) {
    const contents = await Promise.all(
      Object.keys(filesOf(state)).map((name) => readIfThere(join(state.folder, name))),
    );
    const contexts = await contextsOf(state.stack);
    const whole = state.hosts.every(({ alias }) => contexts.includes(alias)) && (await hasInclude(state.folder));
    return whole && digestOf(contents) === state.digest ? { digest: state.digest } : undefined;
  },

  update: (_id, _state, inputs) => write(inputs),

  async delete(_id, state) {
    await removeAccess(state.stack, state.folder);
  },

  replaceOn: ["folder", "stack"],
};

function filesOf({ folder, hosts, privateKey }: AccessFilesInputs): Record<string, string> {
  return sshFiles(folder, hosts, privateKey);
}

async function write(inputs: AccessFilesInputs): Promise<AccessFilesOutputs> {
  const files = filesOf(inputs);
  for (const [name, content] of Object.entries(files)) await writePrivateFile(join(inputs.folder, name), content);
  await addInclude(inputs.folder);
  for (const { alias } of inputs.hosts) await writeContext(alias, inputs.stack);
  const aliases = inputs.hosts.map(({ alias }) => alias);
  for (const name of await contextsOf(inputs.stack)) if (!aliases.includes(name)) await removeContext(name);
  return { digest: digestOf(Object.values(files)) };
}

/** Removes a stack's folder and its contexts, and the Include once no stack is left. Idempotent. */
export async function removeAccess(stack: string, folder: string): Promise<void> {
  for (const name of await contextsOf(stack)) await removeContext(name);
  await rm(folder, { recursive: true, force: true });
  await removeInclude(folder);
}

function digestOf(contents: (string | undefined)[]): string {
  return createHash("sha256").update(JSON.stringify(contents)).digest("hex");
}
