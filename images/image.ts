import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { isStatus } from "../engine/status.ts";
import { MachineError } from "../stacks/machineError.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { readEvents } from "./engineStream.ts";
import { goRecipe } from "./catalogue.ts";
import { contentHash, packFiles, readFolder, type FolderFile } from "./folder.ts";
import { goPrograms, moduleFiles } from "./goPrograms.ts";
import { exclusively } from "./lock.ts";
import { within } from "./within.ts";

/** What every image of ours is built from. */
export const baseImage = "debian:trixie-slim";

/** Says what is being done, a line at a time. */
export type Progress = (line: string) => void;

/** Images that are built on another of ours, which their Dockerfile knows as the argument BASE. */
const builtOn = new Map([["vm", "host"]]);

export interface BuiltImage {
  /** Its name, such as "drydock/host:0123456789ab": a hash of its folder's files and of the base image. */
  tag: string;
  /** False when it was there already. */
  built: boolean;
}

/** A cold build takes half a minute; this is for a slow mirror of Debian. */
const buildDeadlineSec = 1_200;

/**
 * Builds the image of a folder in images/, unless the engine has it.
 * @param signal Ends a build of its Go programs, which may take many minutes.
 * @throws MachineError when the engine has no base image; VisibleError when there is no such folder, or the build fails.
 */
export async function ensureImage(
  engine: Docker,
  name: string,
  progress: Progress = () => undefined,
  signal?: AbortSignal,
): Promise<BuiltImage> {
  const { tag, base, files } = await recipeOf(engine, name);
  if (await idOf(engine, tag)) return { tag, built: false };

  const other = builtOn.get(name);
  if (other !== undefined) await ensureImage(engine, other, progress);
  const programs = await goPrograms(name, await goArch(engine), progress, { signal });
  return exclusively(engine, baseImage, progress, async () => {
    if (await idOf(engine, tag)) return { tag, built: false };
    await build(engine, name, { tag, base }, packFiles([...files, ...programs]), progress);
    return { tag, built: true };
  });
}

/**
 * The name that an image of ours has on an engine, be it there or not.
 * @throws MachineError when the engine has no base image; VisibleError when there is no such folder.
 */
export const imageTag = async (engine: Docker, name: string): Promise<string> => (await recipeOf(engine, name)).tag;

/** What an image is built from: the base image by its id, or another of ours by its tag, and its files. */
async function recipeOf(engine: Docker, name: string): Promise<{ tag: string; base: string; files: FolderFile[] }> {
  if (!existsSync(join(import.meta.dirname, name, "Dockerfile"))) {
    throw new VisibleError(`images/${name} has no Dockerfile`, { fix: "name a folder of images/ that has one" });
  }
  const [base, files] = await Promise.all([baseOf(engine, name), recipeFiles(name)]);
  if (base === undefined) {
    throw new MachineError(`The engine has no image ${baseImage}, which ours are built from`, {
      fix: "get it with ./drydock setup",
    });
  }
  return { tag: `drydock/${name}:${contentHash(base, files)}`, base, files };
}

async function baseOf(engine: Docker, name: string): Promise<string | undefined> {
  const other = builtOn.get(name);
  return other === undefined ? idOf(engine, baseImage) : imageTag(engine, other);
}

/** All that an image is made from: the files of its folder, and of the Go module that its programs are built from. */
export async function recipeFiles(name: string): Promise<FolderFile[]> {
  const recipe = goRecipe(name);
  const own = await readFolder(join(import.meta.dirname, name));
  return recipe && recipe.module !== name ? [...own, ...(await moduleFiles(recipe))] : own;
}

/** The engine's architecture, as Go calls it. */
async function goArch(engine: Docker): Promise<string> {
  return (await engine.version()).Arch;
}

async function build(
  engine: Docker,
  name: string,
  { tag, base }: { tag: string; base: string },
  context: Readable,
  progress: Progress,
): Promise<void> {
  try {
    await within(buildDeadlineSec, `the build of images/${name}`, async (abortSignal) => {
      const stream = await engine.buildImage(context, {
        t: tag,
        forcerm: true,
        version: "1",
        buildargs: { ...proxies(), ...(builtOn.has(name) ? { BASE: base } : {}) },
        abortSignal,
      });
      await readEvents(engine, stream, ({ stream: output }) => {
        if (output?.startsWith("Step ")) progress(`${name}: ${output.trim().slice(0, 80)}`);
      });
    });
  } catch (error) {
    throw new VisibleError(`The image of images/${name} does not build`, {
      details: (error as Error).message.split("\n"),
      fix: "a step that downloads packages needs the engine's containers to reach Debian's archive",
    });
  }
}

/** The proxy settings of this process: build arguments that every Dockerfile knows, and that no image keeps. */
function proxies(): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value ? [[name, value]] : [];
    }),
  );
}

/** Splits "drydock/host:0123" as the engine's API wants it. */
export function repositoryAndTag(name: string): { repo: string; tag: string } {
  const colon = name.lastIndexOf(":");
  return { repo: name.slice(0, colon), tag: name.slice(colon + 1) };
}

/** The id of an image by name; undefined when the engine has none. */
export async function idOf(engine: Docker, name: string): Promise<string | undefined> {
  try {
    return (await engine.getImage(name).inspect()).Id;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
