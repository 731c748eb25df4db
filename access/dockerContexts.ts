import { createHash } from "node:crypto";
import { readdir, rm, rmdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { dockerConfigFolder } from "../engine/outerUrl.ts";
import { homeLabel } from "../stacks/home.ts";
import { isOurs } from "../stacks/inventory.ts";
import { label } from "../stacks/labels.ts";
import { project } from "../stacks/project.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import type { EngineObject } from "../stacks/world.ts";
import { readIfThere, rewriteFile, writePrivateFile } from "./privateFile.ts";

/**
 * Docker contexts as the Docker client stores them: contexts/meta/<sha256 of the name>/meta.json
 * (docker/cli, cli/context/store). Written as files, so that they are there without the client, too.
 */
const metaFolder = () => join(dockerConfigFolder(), "contexts", "meta");
const folderOf = (name: string) => join(metaFolder(), createHash("sha256").update(name).digest("hex"));

const clientConfig = z.looseObject({ currentContext: z.string().optional() });
const contextMeta = z.object({ Name: z.string(), Metadata: z.object({ Description: z.string().optional() }) });

/** Whose context it is: stacks of one name may be up from two homes. */
const description = (stack: string) => `Drydock stack ${stack}, home ${homeLabel()}`;

/**
 * Writes a context for an SSH alias, under the alias's name.
 * @throws VisibleError when another's has that name.
 */
export async function writeContext(alias: string, stack: string): Promise<void> {
  const meta = {
    Name: alias,
    Metadata: { Description: description(stack) },
    Endpoints: { docker: { Host: `ssh://${alias}`, SkipTLSVerify: false } },
  };
  const path = join(folderOf(alias), "meta.json");
  const text = JSON.stringify(meta);
  const before = await readIfThere(path);
  if (before === text) return;
  if (before !== undefined && !isOurs(contextOf(before)?.labels ?? {})) {
    throw new VisibleError(`The Docker context ${alias} is taken`, {
      details: [`its holder: ${contextOf(before)?.labels[label.home] ?? "not Drydock"}`],
      fix: `choose another stack name, or remove it: docker context rm ${alias}`,
    });
  }
  await writePrivateFile(path, text);
}

/** Names of the contexts that a stack has, and that are ours to remove; or of all that any stack of any home has. */
export async function contextsOf(stack: string | undefined): Promise<string[]> {
  return (await allContexts())
    .filter(({ labels }) =>
      stack === undefined ? label.stack in labels : labels[label.stack] === stack && isOurs(labels),
    )
    .map(({ name }) => name)
    .sort();
}

/** The contexts of the learner's Docker client; what the description of ours names as labels do. */
export async function allContexts(): Promise<EngineObject[]> {
  const folders = await readdir(metaFolder()).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const texts = await Promise.all(folders.map((folder) => readIfThere(join(metaFolder(), folder, "meta.json"))));
  return texts.flatMap((text) => contextOf(text) ?? []);
}

/** What a context's file says; undefined for one that the Docker client could not read either. */
function contextOf(text = ""): EngineObject | undefined {
  const meta = contextMeta.safeParse(jsonOf(text)).data;
  if (!meta) return undefined;
  const { Name: name, Metadata } = meta;
  const [, stack, home] = /^Drydock stack (.+), home (.+)$/.exec(Metadata.Description ?? "") ?? [];
  if (stack === undefined || home === undefined) return { name, labels: {} };
  return { name, labels: { [label.project]: project, [label.stack]: stack, [label.home]: home } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Removes a context; one that is gone already is fine. Where it is the current one, there is none then. */
export async function removeContext(alias: string): Promise<void> {
  await rm(folderOf(alias), { recursive: true, force: true });
  await removeIfEmpty([metaFolder(), dirname(metaFolder()), dockerConfigFolder()]);
  const path = join(dockerConfigFolder(), "config.json");
  const config = clientConfig.safeParse(jsonOf((await readIfThere(path)) ?? "")).data;
  if (config?.currentContext !== alias) return;
  await rewriteFile(path, Buffer.from(JSON.stringify({ ...config, currentContext: undefined }, undefined, "\t")));
}

/** In use by others, or not ours to remove: a mount, a link, another's folder. */
const kept = ["ENOTEMPTY", "EEXIST", "EBUSY", "ENOTDIR", "EACCES", "EPERM"];

/** Removes folders, each in the next, as far as nothing is in them: the Docker client makes them again when it needs them. */
async function removeIfEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    try {
      await rmdir(folder);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (kept.includes(code)) return;
      if (code !== "ENOENT") throw error;
    }
  }
}
