import { mkdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../stacks/home.ts";
import { NotThisWay } from "./notThisWay.ts";
import type { Say } from "./step.ts";
import { executable, type GoProgram, type Tool } from "./tools.ts";
import { parseVersion } from "./version.ts";

const gibibyte = 2 ** 30;

/** What the build of everything takes, caches included; docs/setup.md has the figures. */
const neededBytes = 7 * gibibyte;
const fetchAttempts = 3;
/** What Go says of a module proxy that failed, not of one that refused. */
const brokenFetch = /: 50[0234] |connection reset|unexpected EOF|i\/o timeout|TLS handshake timeout/;
const deadlineMs = 30 * 60_000;

/** Where a home keeps what Go downloads and compiles. */
export const goCache = (home: string): string => join(home, "cache", "go");

/**
 * Builds a tool from the Go modules in toolchain/. Their go.sum pins every module by its checksum.
 * @param into Gets the binaries.
 * @returns what it was built with.
 * @throws NotThisWay when there is no Go, no room, or the build fails.
 */
export async function goBuild(tool: Tool, into: string, home: string, say: Say): Promise<string> {
  const { GOVERSION: version, ...settings } = await goSettings(say.signal);
  const { bavail, bsize } = await statfs(home);
  if (bavail * bsize < neededBytes) {
    throw new NotThisWay(
      "to build it with Go",
      `${home} has ${gib(bavail * bsize)} GiB free, it takes ${gib(neededBytes)}`,
    );
  }
  // Go leaves what it works on here when it is killed; elsewhere nobody would remove it.
  const temporary = join(into, "go");
  await mkdir(temporary);
  const env = { ...environment(home), ...settings, GOTMPDIR: temporary };
  for (const program of tool.programs) await buildProgram(tool, program, into, { env, ...say });
  await rm(temporary, { recursive: true, force: true });
  return `${tool.version}, built with ${version}`;
}

/** Where modules come from is the machine's affair. */
const machineSettings = ["GOVERSION", "GOPROXY", "GOSUMDB", "GOTOOLCHAIN"] as const;
type GoSettings = Record<(typeof machineSettings)[number], string>;

async function goSettings(cancelSignal: AbortSignal): Promise<GoSettings> {
  const tried = "to build it with Go, which must be 1.21 or newer";
  const options = { reject: false, timeout: 30_000, cancelSignal, env: { GOFLAGS: "" } } as const;
  const { failed, stdout, shortMessage } = await execa("go", ["env", "-json", ...machineSettings], options);
  if (failed) throw new NotThisWay(tried, shortMessage ?? "there is none on PATH");
  const settings = JSON.parse(stdout) as GoSettings;
  const [major = 0, minor = 0] = parseVersion(settings.GOVERSION) ?? [];
  if (major === 1 && minor < 21) throw new NotThisWay(tried, `the one on PATH is ${settings.GOVERSION}`);
  return settings;
}

interface Build extends Say {
  env: NodeJS.ProcessEnv;
}

async function buildProgram(
  tool: Tool,
  program: GoProgram,
  into: string,
  { env, progress, signal }: Build,
): Promise<void> {
  const go = goCommand(program, env, signal);
  let modules = 0;
  const { length: packages } = await insistently(progress, () =>
    go(["list", "-deps", program.package], (line) => {
      if (line.startsWith("go: downloading")) progress(`${program.binary}: downloading modules, ${++modules} so far`);
    }),
  );
  let compiled = 0;
  const linked = program.versionVariable ? ` -X ${program.versionVariable}=${tagged(tool)}` : "";
  const output = join(into, executable(program.binary));
  const build = ["build", "-v", "-trimpath", "-ldflags", `-s -w${linked}`, "-o", output, program.package];
  await go(build, (line) => {
    if (!line.startsWith("go: ")) progress(`${program.binary}: compiling, package ${++compiled} of ${packages}`);
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

/** The CLI tells its version with a "v", the plugins without. */
const tagged = ({ name, version }: Tool) => (name === "pulumi" ? `v${version}` : version);

function environment(home: string): NodeJS.ProcessEnv {
  return {
    GOMODCACHE: join(goCache(home), "mod"),
    GOCACHE: join(goCache(home), "build"),
    // Module files are as they are committed; a module cache that can be removed like any folder.
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
    GOWORK: "off",
    CGO_ENABLED: "0",
    // The machine's own Go settings, in its environment or in the file of `go env -w`, must not weaken the
    // verification, nor build for another platform.
    GOENV: "off",
    GOINSECURE: undefined,
    GONOSUMDB: undefined,
    GOPRIVATE: undefined,
    GOOS: undefined,
    GOARCH: undefined,
  };
}

function goCommand({ module }: GoProgram, env: NodeJS.ProcessEnv, cancelSignal: AbortSignal) {
  const cwd = join(checkout, "toolchain", module);
  return async (args: string[], onLine: (line: string) => void): Promise<string[]> => {
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
      onLine(line);
    }
    const { failed, timedOut, stdout, shortMessage } = await child;
    if (!failed) return stdout;
    const answer = timedOut ? `it was not done after ${deadlineMs / 60_000} minutes` : said.join("\n");
    throw new NotThisWay(
      `\`go ${args.at(0) ?? ""} ${args.at(-1) ?? ""}\` in toolchain/${module}`,
      answer || (shortMessage ?? ""),
    );
  };
}

const gib = (bytes: number) => (bytes / gibibyte).toFixed(1);
