import type Docker from "dockerode";
import { readEvents } from "./engineStream.ts";
import { hostKinds } from "./hostKinds.ts";
import { baseImage, idOf, imageTag, type Progress } from "./image.ts";
import { originOfBase, type LabImagesOptions } from "./labImages.ts";
import { exclusively } from "./lock.ts";
import { mirrorTag } from "./mirror.ts";
import { within } from "./within.ts";

/** A gigabyte on a slow line is in it. */
const copyDeadlineSec = 3_600;

/** dockerode has this, and its types do not know it. */
interface Saving {
  getImages(options: { names: string[] }): Promise<NodeJS.ReadableStream>;
}

/** Copies images from one engine to another, in one archive, so that layers which they share go once. */
export async function copyImages(from: Docker, to: Docker, names: readonly string[]): Promise<void> {
  const saved = await (from as unknown as Saving).getImages({ names: [...names] });
  await within(copyDeadlineSec, `the copy of ${names.join(", ")}`, async (abortSignal) => {
    await readEvents(to, await to.loadImage(saved, { quiet: true, abortSignal }));
  });
}

/**
 * Copies the images of a lab to an engine that lacks them, where another has them: building them there takes longer. Where
 * the two have different base images, the images are not the same, and nothing is copied.
 * @returns what was copied.
 */
export async function copyLabImages(
  from: Docker,
  to: Docker,
  { kind = "container", images, source }: LabImagesOptions,
  progress: Progress = () => undefined,
): Promise<string[]> {
  const base = await idOf(from, baseImage);
  if (base === undefined || base !== (await idOf(to, baseImage))) return [];
  const origin = source === "auto" ? ((await originOfBase(to)) ?? "registry") : source;
  const wanted = [
    await imageTag(to, "host"),
    await mirrorTag(to, { images, source: origin }),
    ...(kind === "vm" ? [await imageTag(to, hostKinds.vm.image)] : []),
  ];
  if ((await lacking(to, wanted)).length === 0) return [];
  return exclusively(to, baseImage, progress, async () => {
    const missing = await lacking(to, wanted);
    const absent = new Set(await lacking(from, missing));
    const names = missing.filter((name) => !absent.has(name));
    if (names.length === 0) return [];
    progress(`copying ${names.join(" and ")}`);
    await copyImages(from, to, names);
    return names;
  });
}

/** Those of the names that no image of an engine has. */
export async function lacking(engine: Docker, names: readonly string[]): Promise<string[]> {
  const ids = await Promise.all(names.map((name) => idOf(engine, name)));
  return names.filter((_, index) => ids[index] === undefined);
}
