import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { catalogue } from "./catalogue.ts";
import { repositoryPath } from "./mirror.ts";
import { within } from "./within.ts";

/** Where the digests of the catalogue's upstream images are kept: only `drydock images lock` writes it. */
export const digestsFile = join(import.meta.dirname, "digests.json");

const askDeadlineSec = 30;

/** What a registry answered for one upstream image. */
export interface Resolved {
  upstream: string;
  /** Of the manifest, or of the list of manifests where there are several platforms. */
  digest?: string;
  /** Why there is none. */
  error?: string;
}

export interface ResolveOptions {
  /** "host:port" of a registry that has Docker Hub's images under their names; Docker Hub itself by default. */
  registry?: string;
  progress?: (line: string) => void;
}

/** Asks a registry, by way of the engine, which digest each upstream image of the catalogue has now. */
export async function resolveDigests(
  engine: Docker,
  { registry, progress = () => undefined }: ResolveOptions = {},
): Promise<Resolved[]> {
  const resolved: Resolved[] = [];
  for (const { upstream } of Object.values(catalogue)) {
    progress(upstream);
    const reference = registry === undefined ? upstream : `${registry}/${repositoryPath(upstream)}`;
    try {
      const { Descriptor } = await within(askDeadlineSec, `an answer for ${reference}`, (abortSignal) =>
        engine.getImage(reference).distribution({ abortSignal }),
      );
      resolved.push({ upstream, digest: Descriptor.digest });
    } catch (error) {
      resolved.push({ upstream, error: (error as Error).message });
    }
  }
  return resolved;
}

/** Records the digests that were resolved; those of images that did not answer stay as they were. */
export async function recordDigests(
  resolved: readonly Resolved[],
  recorded: Record<string, string>,
  file = digestsFile,
): Promise<Record<string, string>> {
  const known = new Map(resolved.map(({ upstream, digest }) => [upstream, digest ?? recorded[upstream]]));
  const digests = Object.fromEntries([...known].filter((entry): entry is [string, string] => entry[1] !== undefined));
  await writeFile(file, `${JSON.stringify(digests, undefined, 2)}\n`);
  return digests;
}
