import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { dockerConfigFolder } from "../engine/outerUrl.ts";
import { homeFolder } from "../stacks/home.ts";
import { readIfThere, writePrivateFile } from "./privateFile.ts";

/**
 * Docker contexts as the Docker client stores them: contexts/meta/<sha256 of the name>/meta.json
 * (docker/cli, cli/context/store). Written as files, so that they are there without the client, too.
 */
const metaFolder = () => join(dockerConfigFolder(), "contexts", "meta");
const folderOf = (name: string) => join(metaFolder(), createHash("sha256").update(name).digest("hex"));

const contextMeta = z.object({ Name: z.string(), Metadata: z.object({ Description: z.string() }) });

/** Whose context it is: stacks of one name may be up from two homes. */
const description = (stack: string) => `Drydock stack ${stack}, home ${homeFolder()}`;

/** Writes a context for an SSH alias, under the alias's name. */
export async function writeContext(alias: string, stack: string): Promise<void> {
  const meta = {
    Name: alias,
    Metadata: { Description: description(stack) },
    Endpoints: { docker: { Host: `ssh://${alias}`, SkipTLSVerify: false } },
  };
  const path = join(folderOf(alias), "meta.json");
  const text = JSON.stringify(meta);
  if ((await readIfThere(path)) !== text) await writePrivateFile(path, text);
}

/** Names of the contexts that a stack has, or all stacks together. */
export async function contextsOf(stack: string | undefined): Promise<string[]> {
  const folders = await readdir(metaFolder()).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  });
  const texts = await Promise.all(folders.map((folder) => readIfThere(join(metaFolder(), folder, "meta.json"))));
  return texts
    .map(ownMeta)
    .filter((meta) => meta !== undefined)
    .filter(({ Metadata: { Description: text } }) =>
      stack === undefined ? text.startsWith("Drydock stack ") : text === description(stack),
    )
    .map((meta) => meta.Name)
    .sort();
}

/** What a context says of itself; undefined for one that is not of our making. */
function ownMeta(text = ""): z.infer<typeof contextMeta> | undefined {
  try {
    return contextMeta.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Removes a context; one that is gone already is fine. */
export async function removeContext(alias: string): Promise<void> {
  await rm(folderOf(alias), { recursive: true, force: true });
}
