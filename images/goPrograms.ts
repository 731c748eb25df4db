import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildGoModule } from "../setup/goModule.ts";
import { withToolsLock } from "../setup/lock.ts";
import { NotThisWay } from "../setup/notThisWay.ts";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import { goRecipe, serviceImage, type GoRecipe } from "./catalogue.ts";
import { contentHash, readFolder, type FolderFile } from "./folder.ts";

/** Loki's modules and what Go compiles of them take the most; docs/images.md has the figures. */
const neededGib = 6;

/**
 * The files of a module that its programs are built from.
 * @throws Error when images/ has no such folder.
 */
export const moduleFiles = async ({ module }: GoRecipe): Promise<FolderFile[]> =>
  (await readFolder(join(import.meta.dirname, module))).filter(({ path }) => isGoFile(path));

const isGoFile = (path: string) => path.endsWith(".go") || path === "go.mod" || path === "go.sum";

export interface GoProgramsOptions {
  /** Drydock's home; that of this process by default. */
  home?: string;
  /** Ends a build that is under way. */
  signal?: AbortSignal;
}

/**
 * The Go programs of a service image, built unless the home has them. What they are built from names their folder, so a
 * change of go.mod, go.sum or source builds them anew.
 * @param arch The engine's, in Go's words, such as "amd64".
 * @throws MachineError when they cannot be built, with what was tried and what to do by hand.
 */
export async function goPrograms(
  name: string,
  arch: string,
  progress: (line: string) => void,
  { home = homeFolder(), signal }: GoProgramsOptions = {},
): Promise<FolderFile[]> {
  const recipe = goRecipe(name);
  if (!recipe) return [];
  const version = versionOf(serviceImage(name).upstream);
  const files = await moduleFiles(recipe);
  const hash = createHash("sha256").update(JSON.stringify([recipe, version, arch, contentHash("", files)]));
  const folder = join(home, "services", `${name}-${hash.digest("hex").slice(0, 12)}`);
  if (!existsSync(folder)) {
    await withToolsLock(home, `building ${name}`, { progress }, async () => {
      if (!existsSync(folder)) await build({ name, recipe, version, arch, folder, home, progress, signal });
    });
  }
  return Promise.all(
    recipe.programs.map(async ({ binary }) => ({
      path: binary,
      content: await readFile(join(folder, binary)),
      executable: true,
    })),
  );
}

interface Build {
  name: string;
  recipe: GoRecipe;
  version: string;
  arch: string;
  folder: string;
  home: string;
  progress: (line: string) => void;
  signal: AbortSignal | undefined;
}

/** Fills the folder, whole or not at all, and removes what other versions left. */
async function build({ name, recipe, version, arch, folder, home, progress, signal }: Build): Promise<void> {
  const services = join(home, "services");
  await mkdir(services, { recursive: true });
  // Of other versions, or of a build that was killed.
  const older = (await readdir(services)).filter((entry) =>
    [name, `.${name}`].includes(entry.slice(0, entry.lastIndexOf("-"))),
  );
  const work = await mkdtemp(join(services, `.${name}-`));
  const builds = recipe.programs.map(({ binary, package: path, versionVariable }) => ({
    name: binary,
    package: path,
    output: join(work, binary),
    variables: versionVariable ? { [versionVariable]: version } : {},
    platform: { os: "linux", arch },
  }));
  const module = { folder: join(import.meta.dirname, recipe.module), title: `images/${recipe.module}` };
  try {
    await buildGoModule(module, builds, { home, neededGib, progress, signal });
    await rename(work, folder);
  } catch (error) {
    if (!(error instanceof NotThisWay)) throw error;
    throw new MachineError(`The programs of the image ${name} ${version} could not be built`, {
      details: error.details,
      fix:
        "install Go 1.21 or newer from https://go.dev/dl/, so that `go` is on PATH, and run this again; " +
        "where Docker Hub can be reached, `pulumi config set drydock:images registry` pulls the image instead",
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  for (const entry of older) await rm(join(services, entry), { recursive: true, force: true });
}

/** The version in an upstream reference, such as "3.7.8" of "grafana/loki:3.7.8" or of "grafana/loki:v3.7.8". */
export const versionOf = (upstream: string): string => upstream.slice(upstream.lastIndexOf(":") + 1).replace(/^v/, "");
