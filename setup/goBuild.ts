import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { checkout } from "../stacks/home.ts";
import { NotThisWay } from "./notThisWay.ts";
import { executable, type GoProgram, type Tool } from "./tools.ts";

const gibibyte = 2 ** 30;

/** What the build of everything takes, caches included; docs/setup.md has the figures. */
const neededBytes = 7 * gibibyte;
const deadlineMs = 30 * 60_000;

/** Where a home keeps what Go downloads and compiles. */
export const goCache = (home: string): string => join(home, "cache", "go");

/**
 * Builds a tool from the Go modules in toolchain/. Their go.sum pins every module by its checksum.
 * @param into Gets the binaries.
 * @returns what it was built with.
 * @throws NotThisWay when there is no Go, no room, or the build fails.
 */
export async function goBuild(
  tool: Tool,
  into: string,
  home: string,
  progress: (text: string) => void,
): Promise<string> {
  const version = await goVersion();
  const { bavail, bsize } = await statfs(home);
  if (bavail * bsize < neededBytes) {
    throw new NotThisWay(
      "to build it with Go",
      `${home} has ${gib(bavail * bsize)} GiB free, it takes ${gib(neededBytes)}`,
    );
  }
  for (const program of tool.programs) await buildProgram(tool, program, into, home, progress);
  return `built with ${version}`;
}

async function goVersion(): Promise<string> {
  const { failed, stdout, shortMessage } = await execa("go", ["env", "GOVERSION"], { reject: false, timeout: 30_000 });
  if (failed)
    throw new NotThisWay("to build it with Go, which must be 1.21 or newer", shortMessage ?? "there is none on PATH");
  return stdout;
}

async function buildProgram(
  tool: Tool,
  program: GoProgram,
  into: string,
  home: string,
  progress: (text: string) => void,
): Promise<void> {
  const go = goCommand(program, home);
  let modules = 0;
  const { length: packages } = await go(["list", "-deps", program.package], (line) => {
    if (line.startsWith("go: downloading")) progress(`${program.binary}: downloading modules, ${++modules} so far`);
  });
  let compiled = 0;
  const linked = program.versionVariable ? ` -X ${program.versionVariable}=${tagged(tool)}` : "";
  const output = join(into, executable(program.binary));
  const build = ["build", "-v", "-trimpath", "-ldflags", `-s -w${linked}`, "-o", output, program.package];
  await go(build, (line) => {
    if (!line.startsWith("go: ")) progress(`${program.binary}: compiling, package ${++compiled} of ${packages}`);
  });
}

/** The CLI tells its version with a "v", the plugins without. */
const tagged = ({ name, version }: Tool) => (name === "pulumi" ? `v${version}` : version);

function goCommand({ module }: GoProgram, home: string) {
  const cwd = join(checkout, "toolchain", module);
  const env = {
    GOMODCACHE: join(goCache(home), "mod"),
    GOCACHE: join(goCache(home), "build"),
    // Module files are as they are committed; a module cache that can be removed like any folder.
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
    GOWORK: "off",
    CGO_ENABLED: "0",
    // The machine's own Go settings must not weaken the verification.
    GOINSECURE: undefined,
    GONOSUMDB: undefined,
    GOPRIVATE: undefined,
  };
  return async (args: string[], onLine: (line: string) => void): Promise<string[]> => {
    const said: string[] = [];
    const child = execa("go", args, { cwd, env, reject: false, stdin: "ignore", timeout: deadlineMs, lines: true });
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
