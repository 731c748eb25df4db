import { readFile } from "node:fs/promises";
import { z } from "zod";

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

/** What an operation told of itself. */
export interface Told {
  changes: Changes;
  problems: string[];
  /** Why no more of it could be read: an event of another form, or one that `onEvent` failed at. */
  broken?: Error;
}

/** How often the event log is looked at, in milliseconds. */
const pollMs = 100;

/** Reads an event log while Pulumi writes it. What comes after the last event is told by `end`, which never rejects. */
export function followEvents(log: string, onEvent: (event: EngineEvent) => void): { end: () => Promise<Told> } {
  const told: Told = { changes: {}, problems: [] };
  let read = 0;
  const drain = async () => {
    const text = await readFile(log, "utf8").catch(() => "");
    const whole = text.slice(read, text.lastIndexOf("\n") + 1);
    read += whole.length;
    for (const line of whole.split("\n").filter(Boolean)) take(line, told, onEvent);
  };
  let draining = Promise.resolve();
  const drainSafely = () => {
    if (told.broken) return draining;
    draining = draining.then(drain).catch((error: unknown) => {
      told.broken ??= error instanceof Error ? error : new Error(String(error));
    });
    return draining;
  };
  const timer = setInterval(() => void drainSafely(), pollMs);
  return {
    async end() {
      clearInterval(timer);
      await drainSafely();
      return told;
    },
  };
}

function take(line: string, told: Told, onEvent: (event: EngineEvent) => void): void {
  const event = engineEvent.parse(JSON.parse(line));
  if (event.diagnosticEvent?.severity === "error") told.problems.push(problemOf(event.diagnosticEvent));
  told.changes = event.summaryEvent?.resourceChanges ?? told.changes;
  onEvent(event);
}

function problemOf({ urn, message }: { urn?: string; message: string }): string {
  const name = urn?.split("::").at(-1);
  const text = message
    .replace(/<\{%\w+%\}>/g, "")
    .replace(/^error: /, "")
    .trim();
  return name ? `${name}: ${text}` : text;
}
