import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { pinned, serviceImage } from "./catalogue.ts";
import { readEvents } from "./engineStream.ts";
import { baseImage, ensureImage, idOf, imageTag, repositoryAndTag, type Progress } from "./image.ts";
import { exclusively } from "./lock.ts";
import { withRegistry } from "./temporaryRegistry.ts";
import { within } from "./within.ts";

export interface MirrorOptions {
  /** Folders of images/ that the mirror serves: names of the catalogue. */
  images: readonly string[];
  /** "bootstrap" serves our own builds; "registry" fetches from `upstream` what is asked for, and keeps it. */
  source: "registry" | "bootstrap";
  /** The registry behind the mirror, for "registry"; Docker Hub by default. */
  upstream?: string;
  /** Ends builds of Go programs. */
  signal?: AbortSignal;
}

/** A lab's registry, which its hosts use as their mirror of Docker Hub: a container of `image` with `environment`. */
export interface Mirror {
  image: string;
  environment: string[];
  /** What it gives hosts: for each image the name to pull it by, and the other names that it has. */
  serves: { pull: string; alsoNamed: string[] }[];
  /** False when all was there already. */
  made: boolean;
}

/** What a mirror is made of, be it there or not. */
interface Recipe extends Omit<Mirror, "made"> {
  /** The registry's image. */
  registry: string;
  /** What was pushed to it; nothing where it fetches what it is asked for. */
  contents: (Content & { name: string })[];
}

async function recipeOf(engine: Docker, options: MirrorOptions): Promise<Recipe> {
  const { images, source, upstream = "https://registry-1.docker.io" } = options;
  const wanted = [...images].sort().map((name) => ({ name, ...serviceImage(name) }));
  const registry = await imageTag(engine, "registry");
  if (source === "registry") {
    const serves = wanted.map((image) => {
      const pull = pinned(image);
      return { pull, alsoNamed: image.names.filter((name) => name !== pull) };
    });
    const environment = [`REGISTRY_PROXY_REMOTEURL=${upstream}`];
    return { image: registry, environment, serves, registry, contents: [] };
  }
  const built = wanted.filter(({ noRecipe }) => noRecipe === undefined);
  const contents = await Promise.all(
    built.map(async ({ name, names }) => ({ name, tag: await imageTag(engine, name), names })),
  );
  const serves = built.map(({ names: [pull, ...alsoNamed] }) => ({ pull, alsoNamed }));
  const hash = createHash("sha256")
    .update(JSON.stringify([registry, contents.map(({ tag, names }) => ({ tag, names }))]))
    .digest("hex")
    .slice(0, 12);
  return { image: `drydock/mirror:${hash}`, environment: [], serves, registry, contents };
}

/** The name that a mirror's image has on an engine, be it there or not. */
export const mirrorTag = async (engine: Docker, options: MirrorOptions): Promise<string> =>
  (await recipeOf(engine, options)).image;

/** Makes the image of a mirror, unless the engine has it. */
export async function ensureMirror(
  engine: Docker,
  options: MirrorOptions,
  progress: Progress = () => undefined,
): Promise<Mirror> {
  const { image, environment, serves, registry, contents } = await recipeOf(engine, options);
  if (await idOf(engine, image)) return { image, environment, serves, made: false };
  await Promise.all([
    ensureImage(engine, "registry", progress),
    ...contents.map(({ name }) => ensureImage(engine, name, progress, options.signal)),
  ]);
  if (image === registry) return { image, environment, serves, made: true };
  return exclusively(engine, baseImage, progress, async () => {
    const made = (await idOf(engine, image)) === undefined;
    if (made) await seed(engine, registry, contents, image, progress);
    return { image, environment, serves, made };
  });
}

/** An image of ours on the engine, and the names it is served under. */
interface Content {
  tag: string;
  names: readonly string[];
}

/** Makes an image of a registry that images were pushed to. */
async function seed(
  engine: Docker,
  registryImage: string,
  contents: Content[],
  image: string,
  progress: Progress,
): Promise<void> {
  await withRegistry(engine, registryImage, [], async ({ container, address }) => {
    for (const { tag, names } of contents) {
      for (const name of names) {
        progress(`mirror: ${name}`);
        await push(engine, tag, `${address}/${repositoryPath(name)}`);
      }
    }
    await container.stop({ t: 10 });
    await container.commit({ ...repositoryAndTag(image), changes: "LABEL drydock.cache=mirror drydock.image=mirror" });
  });
}

/** Where Docker Hub has an image: those without an owner are the library's. */
export function repositoryPath(name: string): string {
  return name.includes("/") ? name : `library/${name}`;
}

/** Pushes an image to a registry of ours, under a name that begins with its address. */
export async function push(engine: Docker, image: string, name: string): Promise<void> {
  await engine.getImage(image).tag(repositoryAndTag(name));
  const pushed = engine.getImage(name);
  try {
    await within(600, `the push of ${image} to the mirror`, async (abortSignal) => {
      const anonymous = { username: "", password: "", serveraddress: "" };
      await readEvents(engine, await pushed.push({ authconfig: anonymous, abortSignal }));
    });
  } finally {
    await pushed.remove();
  }
}
