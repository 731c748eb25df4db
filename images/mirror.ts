import { createHash } from "node:crypto";
import type Docker from "dockerode";
import { pinned, serviceImage } from "./catalogue.ts";
import { readEvents } from "./engineStream.ts";
import { baseImage, ensureImage, idOf, repositoryAndTag, type Progress } from "./image.ts";
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

/** Makes the image of a mirror, unless the engine has it. */
export async function ensureMirror(
  engine: Docker,
  options: MirrorOptions,
  progress: Progress = () => undefined,
): Promise<Mirror> {
  const { images, source, upstream = "https://registry-1.docker.io", signal } = options;
  const wanted = [...images].sort().map((name) => ({ name, ...serviceImage(name) }));
  const registry = await ensureImage(engine, "registry", progress);
  if (source === "registry") {
    const serves = wanted.map((image) => {
      const pull = pinned(image);
      return { pull, alsoNamed: image.names.filter((name) => name !== pull) };
    });
    return { image: registry.tag, environment: [`REGISTRY_PROXY_REMOTEURL=${upstream}`], serves, made: registry.built };
  }

  const built = wanted.filter(({ noRecipe }) => noRecipe === undefined);
  const contents = await Promise.all(
    built.map(async ({ name, names }): Promise<Content> => ({
      tag: (await ensureImage(engine, name, progress, signal)).tag,
      names,
    })),
  );
  const serves = built.map(({ names: [pull, ...alsoNamed] }) => ({ pull, alsoNamed }));
  const hash = createHash("sha256")
    .update(JSON.stringify([registry.tag, contents]))
    .digest("hex")
    .slice(0, 12);
  const image = `drydock/mirror:${hash}`;
  if (await idOf(engine, image)) return { image, environment: [], serves, made: false };
  return exclusively(engine, baseImage, progress, async () => {
    const made = (await idOf(engine, image)) === undefined;
    if (made) await seed(engine, registry.tag, contents, image, progress);
    return { image, environment: [], serves, made };
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

async function push(engine: Docker, image: string, name: string): Promise<void> {
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
