import { mkdir, rm, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { boundCache, goCache } from "./goCache.ts";
import { patched, type GoPatch } from "./goPatch.ts";
import { NotThisWay } from "./notThisWay.ts";
import { parseVersion } from "./version.ts";

/** A folder with a go.mod, whose go.sum pins every module that it needs by its checksum. */
export interface GoModule {
  folder: string;
  /** The same for people, such as "toolchain/pulumi". */
  title: string;
  /** What is changed in one of its dependencies; nothing by default. */
  patch?: GoPatch;
}

/** A program to build. */
export interface GoBuild {
  /** Package path, or "." for the module itself. */
  package: string;
  /** File that it becomes. */
  output: string;
  /** What progress calls it. */
  name: string;
  /** Values that the linker gives to string variables, by their full names; none by default. */
  variables?: Record<string, string>;
  /** What it is built for; this machine by default. */
  platform?: { os: string; arch: string };
}

export interface GoBuildOptions {
  /** Drydock's home, which keeps Go's caches. */
  home: string;
  /** Refuses to begin with less than this free on the home's disk. */
  neededGib: number;
  progress: (text: string) => void;
  /** Ends Go when it aborts. */
  signal?: AbortSignal;
}

const gibibyte = 2 ** 30;

const fetchAttempts = 3;
/** What Go says of a module proxy that failed, not of one that refused. */
const brokenFetch = /: 50[0234] |connection reset|unexpected EOF|i\/o timeout|TLS handshake timeout/;
const deadlineMs = 30 * 60_000;

/**
 * Builds programs of a module with the machine's Go.
 * @returns the version of Go.
 * @throws NotThisWay when there is no Go, no room, or a build fails.
 */
export async function buildGoModule(
  module: GoModule,
  builds: readonly GoBuild[],
  { home, neededGib, progress, signal }: GoBuildOptions,
): Promise<string> {
  const { GOVERSION: version, ...settings } = await goSettings(signal);
  await boundCache(home, progress);
  const { bavail, bsize } = await statfs(home);
  const freeGib = (bavail * bsize) / gibibyte;
  if (freeGib < neededGib) {
    throw new NotThisWay(
      "to build it with Go",
      `${home} has ${freeGib.toFixed(1)} GiB free, it takes ${neededGib.toFixed(1)}`,
    );
  }
  for (const build of builds) {
    // Go leaves what it works on here when it is killed; elsewhere nobody would remove it.
    const temporary = join(dirname(build.output), "go");
    await mkdir(temporary);
    const env = { ...environment(home, build), ...settings, GOTMPDIR: temporary };
    const go = goCommand(module, env, signal);
    if (module.patch) env.GOFLAGS += ` ${await patched(module.patch, module.folder, temporary, go)}`;
    await buildProgram(build, go, progress);
    await rm(temporary, { recursive: true, force: true });
  }
  return version;
}

/** Where modules come from is the machine's affair. */
const machineSettings = ["GOVERSION", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"] as const;
type GoSettings = Record<(typeof machineSettings)[number], string>;

async function goSettings(cancelSignal?: AbortSignal): Promise<GoSettings> {
  const tried = "to build it with Go, which must be 1.21 or newer";
  const options = { reject: false, timeout: 30_000, cancelSignal, env: { GOFLAGS: "" } } as const;
  const { failed, stdout, shortMessage } = await execa("go", ["env", "-json", ...machineSettings], options);
  if (failed) throw new NotThisWay(tried, shortMessage ?? "there is none on PATH");
  const settings = JSON.parse(stdout) as GoSettings;
  const [major = 0, minor = 0] = parseVersion(settings.GOVERSION) ?? [];
  if (major === 1 && minor < 21) throw new NotThisWay(tried, `the one on PATH is ${settings.GOVERSION}`);
  return settings;
}

async function buildProgram(
  { name, package: path, output, variables = {} }: GoBuild,
  go: GoCommand,
  progress: (text: string) => void,
): Promise<void> {
  let modules = 0;
  const { length: packages } = await insistently(progress, () =>
    go(["list", "-deps", path], (line) => {
      if (line.startsWith("go: downloading")) progress(`${name}: downloading modules, ${++modules} so far`);
    }),
  );
  let compiled = 0;
  const linked = Object.entries(variables).map(([variable, value]) => ` -X ${variable}=${value}`);
  await go(["build", "-v", "-trimpath", "-ldflags", `-s -w${linked.join("")}`, "-o", output, path], (line) => {
    if (!line.startsWith("go: ")) progress(`${name}: compiling, package ${++compiled} of ${packages}`);
  });
}

/**
 * Fetches modules again when a server failed or a connection broke: Go itself asks for each of several hundred but once.
 * What was fetched stays, and anything else that fails is told at once.
 */
async function insistently<T>(progress: (text: string) => void, fetch: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch();
    } catch (error) {
      const broken = error instanceof NotThisWay && error.details.find((line) => brokenFetch.test(line));
      if (!broken || attempt === fetchAttempts) throw error;
      progress(`fetching once more (${attempt + 1} of ${fetchAttempts}): ${broken}`);
    }
  }
}

function environment(home: string, { platform }: GoBuild) {
  return {
    GOMODCACHE: join(goCache(home), "mod"),
    GOCACHE: join(goCache(home), "build"),
    // Module files are as they are committed; a module cache that can be removed like any folder.
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
    GOWORK: "off",
    CGO_ENABLED: "0",
    // The machine's own Go settings, in its environment or in the file of `go env -w`, must not weaken the
    // verification, nor build for another platform than is meant.
    GOENV: "off",
    GOINSECURE: undefined,
    GONOSUMDB: undefined,
    GOPRIVATE: undefined,
    GOOS: platform?.os,
    GOARCH: platform?.arch,
  };
}

/** Runs Go, telling what it says on the way. @returns the lines that it printed. */
type GoCommand = (args: string[], onLine?: (line: string) => void) => Promise<string[]>;

function goCommand({ folder: cwd, title }: GoModule, env: NodeJS.ProcessEnv, cancelSignal?: AbortSignal): GoCommand {
  return async (args, onLine) => {
    const said: string[] = [];
    const options = {
      cwd,
      env,
      reject: false,
      stdin: "ignore",
      timeout: deadlineMs,
      lines: true,
      cancelSignal,
    } as const;
    const child = execa("go", args, options);
    for await (const line of child.iterable({ from: "stderr" })) {
      said.push(line);
      onLine?.(line);
    }
    const { failed, timedOut, stdout, shortMessage } = await child;
    if (!failed) return stdout;
    const answer = timedOut ? `it was not done after ${deadlineMs / 60_000} minutes` : said.join("\n");
    throw new NotThisWay(`\`go ${args.at(0) ?? ""} ${args.at(-1) ?? ""}\` in ${title}`, answer || (shortMessage ?? ""));
  };
}
