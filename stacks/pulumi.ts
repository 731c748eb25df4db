import { mkdir, rm } from "node:fs/promises";
import { execa, type ResultPromise } from "execa";
import { environment } from "../setup/environment.ts";
import { checkout, eventLog, homeFolder, workFolder } from "./home.ts";
import { MachineError } from "./machineError.ts";
import { end, orphanedPlugins } from "./processes.ts";
import { PulumiError } from "./pulumiError.ts";
import { followEvents, type Changes, type EngineEvent } from "./pulumiEvents.ts";

/** What a Pulumi operation works on. */
export interface Target {
  stack: string;
  /** The settings that Pulumi is given. */
  configFile: string;
  /** Further options. */
  args?: string[];
  /** The command that takes everything of it away; `./drydock down --stack NAME` by default. */
  takesAway?: string;
  /** Interrupts it, in place of the process's own SIGINT and SIGTERM. */
  signal?: AbortSignal;
}

/** How long Pulumi may go on after `Target.signal` until it is killed, in milliseconds. */
const graceMs = 30_000;

/**
 * Runs `pulumi up` or `pulumi destroy`, with its events as they come. The first SIGINT or SIGTERM lets Pulumi finish what
 * it is doing, the second ends it at once; it runs in a process group of its own, so that a Ctrl-C reaches it once.
 *
 * The Automation API would do the same with five starts of the CLI for one.
 * @throws PulumiError with what the engine reported.
 */
export async function operate(
  command: "up" | "destroy",
  { stack, configFile, args = [], takesAway, signal }: Target,
  onEvent: (event: EngineEvent) => void,
): Promise<Changes> {
  if (signal?.aborted) throw new PulumiError(command, stack, [], true, takesAway);
  const folder = workFolder(stack);
  const log = eventLog(stack);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const child = execa(
    "pulumi",
    [
      ...[command, "--yes", "--skip-preview", "--non-interactive", "--event-log", log],
      ...["--stack", stack, "--config-file", configFile, ...args],
    ],
    { ...options({ TMPDIR: folder, TEMP: folder, TMP: folder }), detached: true, reject: false, all: true },
  );
  const interruption = interruptible(child, signal);
  const events = followEvents(log, onEvent);
  try {
    const result = await child;
    const { changes, problems, broken } = await events.end();
    if (result.exitCode === 0 && broken) throw unreadable(command, broken);
    if (result.exitCode === 0) return changes;
    if (result.signal) end(await orphanedPlugins());
    const told = problems.filter((problem) => !/update failed|update canceled|failed to register/.test(problem));
    const words = endOf(result.all) || (result.shortMessage ?? "");
    throw new PulumiError(
      command,
      stack,
      told.length > 0 ? [...new Set(told)] : [words],
      interruption.happened(),
      takesAway,
    );
  } finally {
    interruption.over();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Passes interruptions on to Pulumi while it runs. */
function interruptible(child: ResultPromise, signal?: AbortSignal): { happened: () => boolean; over: () => void } {
  let interrupted = false;
  let timer: NodeJS.Timeout | undefined;
  const interrupt = () => {
    child.kill("SIGINT");
    interrupted = true;
  };
  const abort = () => {
    interrupt();
    timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  };
  if (signal) signal.addEventListener("abort", abort);
  else process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    happened: () => interrupted,
    over() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    },
  };
}

function options(extra: Record<string, string> = {}) {
  // Pulumi prefers the variable to our file: secrets would be encrypted with whatever a shell happens to hold.
  const own = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_DEBUG_COMMANDS: "true" };
  // Options that a shell holds for its user's own Pulumi, such as a target.
  const options = Object.keys(process.env).filter((name) => name.startsWith("PULUMI_OPTION_"));
  const none = Object.fromEntries(options.map((name) => [name, undefined]));
  return { cwd: checkout, env: { ...environment(homeFolder()), ...none, ...own, ...extra } } as const;
}

const unreadable = (command: string, { message }: Error) =>
  new MachineError(`pulumi ${command} ended well, but what it told of it cannot be read.`, {
    details: [message],
    fix: "Run the same command again: it says what there is to do yet.",
  });

function endOf(text: string | undefined): string {
  return (text ?? "").trim().split("\n").slice(-5).join("\n");
}
