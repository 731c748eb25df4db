import { mkdir, readFile, rm } from "node:fs/promises";
import { execa } from "execa";
import { z } from "zod";
import { environment } from "../setup/environment.ts";
import { checkout, eventLog, homeFolder, workFolder } from "./home.ts";
import { end, orphanedPlugins } from "./processes.ts";
import { MachineError } from "./machineError.ts";

const metadata = z.object({ op: z.string(), urn: z.string(), type: z.string() });

/** The engine events that we use; pulumi/pulumi, sdk/go/common/apitype/events.go. */
const engineEvent = z.object({
  resourcePreEvent: z.object({ metadata }).optional(),
  resOutputsEvent: z.object({ metadata }).optional(),
  resOpFailedEvent: z.object({ metadata }).optional(),
  diagnosticEvent: z.object({ urn: z.string().optional(), message: z.string(), severity: z.string() }).optional(),
  summaryEvent: z.object({ resourceChanges: z.record(z.string(), z.number()).nullish() }).optional(),
});
export type EngineEvent = z.infer<typeof engineEvent>;

/** Changes of a Pulumi operation, by kind: "create", "same" and so on. */
export type Changes = Record<string, number>;

/** A Pulumi command that did not end well. */
export class PulumiError extends MachineError {
  override readonly name: string = "PulumiError";
  readonly interrupted: boolean;

  constructor(command: string, problems: string[], interrupted: boolean) {
    super(interrupted ? `pulumi ${command} was interrupted.` : `pulumi ${command} failed.`, {
      details: problems,
      fix: "Run the same command again: it goes on from where this one ended. `./drydock down` takes everything away.",
    });
    this.interrupted = interrupted;
  }
}

/** What a Pulumi operation works on. */
export interface Target {
  stack: string;
  /** The settings that Pulumi is given. */
  configFile: string;
  /** Further options. */
  args?: string[];
}

/** How often the event log is looked at, in milliseconds. */
const pollMs = 100;

/**
 * Runs `pulumi up` or `pulumi destroy`, with its events as they come. The first SIGINT or SIGTERM lets Pulumi finish what
 * it is doing, the second ends it at once; it runs in a process group of its own, so that a Ctrl-C reaches it once.
 *
 * The Automation API would do the same with five starts of the CLI for one.
 * @throws PulumiError with what the engine reported.
 */
export async function operate(
  command: "up" | "destroy",
  { stack, configFile, args = [] }: Target,
  onEvent: (event: EngineEvent) => void,
): Promise<Changes> {
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
  let interrupted = false;
  const interrupt = () => {
    child.kill("SIGINT");
    interrupted = true;
  };
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  let changes: Changes = {};
  const problems: string[] = [];
  let read = 0;
  const drain = async () => {
    const text = await readFile(log, "utf8").catch(() => "");
    const whole = text.slice(read, text.lastIndexOf("\n") + 1);
    read += whole.length;
    for (const line of whole.split("\n").filter(Boolean)) {
      const event = engineEvent.parse(JSON.parse(line));
      if (event.diagnosticEvent?.severity === "error") problems.push(problemOf(event.diagnosticEvent));
      changes = event.summaryEvent?.resourceChanges ?? changes;
      onEvent(event);
    }
  };
  let draining = Promise.resolve();
  const timer = setInterval(() => {
    draining = draining.then(drain);
  }, pollMs);
  try {
    const result = await child;
    clearInterval(timer);
    await draining;
    await drain();
    if (result.exitCode === 0) return changes;
    if (result.signal) end(await orphanedPlugins());
    const told = problems.filter((problem) => !/update failed|update canceled/.test(problem));
    throw new PulumiError(command, told.length > 0 ? [...new Set(told)] : [endOf(result.all)], interrupted);
  } finally {
    clearInterval(timer);
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    await rm(folder, { recursive: true, force: true });
  }
}

function options(extra: Record<string, string> = {}) {
  // Pulumi prefers the variable to our file: secrets would be encrypted with whatever a shell happens to hold.
  const own = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_DEBUG_COMMANDS: "true" };
  return { cwd: checkout, env: { ...environment(homeFolder()), ...own, ...extra } } as const;
}

function problemOf({ urn, message }: { urn?: string; message: string }): string {
  const name = urn?.split("::").at(-1);
  const text = message
    .replace(/<\{%\w+%\}>/g, "")
    .replace(/^error: /, "")
    .trim();
  return name ? `${name}: ${text}` : text;
}

function endOf(text: string | undefined): string {
  return (text ?? "").trim().split("\n").slice(-5).join("\n");
}
