import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environment, fileUrl } from "../../setup/environment.ts";
import { homeFolder } from "../../stacks/home.ts";
import { runProcess } from "./runProcess.ts";

/** A program in bench/programs, on a stack of its own. */
export interface PulumiProgram {
  /** Makes the stack known to Pulumi. */
  init(): Promise<void>;
  run(command: "up" | "destroy"): Promise<void>;
  /** Forgets the stack. */
  remove(): Promise<void>;
}

export interface ProgramOptions {
  stack: string;
  /** A folder for its settings and its state. */
  folder: string;
  env?: Record<string, string>;
  signal: AbortSignal;
}

/** A program with a backend of its own, of the same kind as Drydock's. */
export function pulumiProgram(
  program: "plain" | "empty",
  { stack, folder, env, signal }: ProgramOptions,
): PulumiProgram {
  const state = join(folder, "state");
  const settings = join(folder, `Pulumi.${stack}.yaml`);
  const options = { env: { ...environment(homeFolder()), PULUMI_BACKEND_URL: fileUrl(state), ...env }, signal };
  const pulumi = (cwd: string, ...args: string[]) =>
    runProcess("pulumi", [...args, "--stack", stack, "--non-interactive"], { ...options, cwd });
  return {
    async init() {
      await mkdir(state, { recursive: true });
      // Pulumi writes the stack's salt beside the Pulumi.yaml that it finds, which must not be the checkout's.
      await writeFile(join(folder, "Pulumi.yaml"), JSON.stringify({ name: "drydock-bench", runtime: "nodejs" }));
      await pulumi(folder, "stack", "init", "--no-select");
    },
    run: (command) => pulumi(programFolder(program), command, "--yes", "--skip-preview", "--config-file", settings),
    async remove() {
      await Promise.all([state, settings].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

const programFolder = (program: string) => join(import.meta.dirname, "..", "programs", program);
