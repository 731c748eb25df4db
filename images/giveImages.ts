import type Docker from "dockerode";
import { pinned, serviceImage, type ServiceImage } from "./catalogue.ts";
import { copyImages, lacking } from "./copyImages.ts";
import { readEvents } from "./engineStream.ts";
import { ensureImage, repositoryAndTag } from "./image.ts";
import { within } from "./within.ts";

/** A slow line has time for one image. */
const pullDeadlineSec = 600;

export interface GiveImagesOptions {
  /** Folders of images/: names of the catalogue. */
  images: readonly string[];
  /** The engine that builds and hands over what the other lacks; without it that one pulls for itself. */
  from?: Docker | undefined;
}

interface Given extends ServiceImage {
  folder: string;
}

/**
 * Gives an engine a lab's images, under the names that labs call them. What it has of those names stays as it is; without a
 * registry those that have no recipe are left out.
 * @returns the folders of those that it got.
 * @throws Error that says which image could not be pulled or built.
 */
export async function giveImages(to: Docker, { images, from }: GiveImagesOptions): Promise<string[]> {
  const known = [...images].sort().map((folder): Given => ({ folder, ...serviceImage(folder) }));
  const missing = new Set(
    await lacking(
      to,
      known.flatMap(({ names }) => names),
    ),
  );
  const wanted = known.filter(({ names }) => names.some((name) => missing.has(name)));
  const given = from === undefined ? wanted : wanted.filter(({ noRecipe }) => noRecipe === undefined);
  if (from === undefined) for (const image of given) await pull(to, image);
  else if (given.length > 0) await handOver(from, to, given);
  return given.map(({ folder }) => folder);
}

async function pull(engine: Docker, image: Given): Promise<void> {
  const name = pinned(image);
  await within(pullDeadlineSec, `the pull of ${name}`, async (abortSignal) => {
    await readEvents(engine, await engine.pull(name, { abortSignal }));
  }).catch((error: unknown) => {
    throw new Error(
      `${name} could not be pulled: ${(error as Error).message}. Let the machine reach its registry, or set ` +
        "drydock:images to bootstrap: then it is built where drydock runs, and carried over",
    );
  });
  await giveNames(engine, name, image);
}

async function handOver(from: Docker, to: Docker, images: readonly Given[]): Promise<void> {
  const built: { tag: string; image: Given }[] = [];
  for (const image of images) built.push({ tag: (await ensureImage(from, image.folder)).tag, image });
  await copyImages(
    from,
    to,
    built.map(({ tag }) => tag),
  );
  for (const { tag, image } of built) {
    await giveNames(to, tag, image);
    await to.getImage(tag).remove();
  }
}

/** Names an image as labs call it, where no other has that name. */
async function giveNames(engine: Docker, source: string, { names }: ServiceImage): Promise<void> {
  for (const name of await lacking(engine, names)) await engine.getImage(source).tag(repositoryAndTag(name));
}
