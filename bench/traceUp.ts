import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { eventLog } from "../stacks/home.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Breakdown } from "./breakdown.ts";
import type { Topology } from "./topology.ts";
import { upBreakdown, type Seen, type Trace } from "./trace.ts";
import { ours } from "./variants/ours.ts";

/** Between two looks at the event log, in milliseconds. */
const everyMs = 5;

/** Runs one more `drydock up`, and tells where its time went. */
export async function traceUp(
  topology: Topology,
  folder: string,
  { signal, reporter }: { signal: AbortSignal; reporter: Reporter },
): Promise<Breakdown> {
  const { stack, hosts } = topology.plan;
  return reported(reporter, `Where the time goes, ${hosts.length} hosts`, async () => {
    const own = join(folder, stack);
    await mkdir(own, { recursive: true });
    const traced = ours({ topology, signal }, own);
    const seen = watch(eventLog(stack));
    const started = Date.now();
    await traced.up();
    const ended = Date.now();
    const told = await seen();
    const traces = await readTraces(own);
    await traced.down();
    return upBreakdown(started, ended, traces, told);
  });
}

async function readTraces(folder: string): Promise<Trace[]> {
  const files = await readdir(folder);
  return Promise.all(files.map(async (file) => JSON.parse(await readFile(join(folder, file), "utf8")) as Trace));
}

/**
 * Watches the log into which Pulumi writes what it does: when it tells of a resource is seen here, as the log itself has
 * whole seconds only. Answers a function that ends it and tells what was seen.
 */
function watch(log: string): () => Promise<Seen[]> {
  const seen: Seen[] = [];
  let read = 0;
  const look = async () => {
    const text = await readFile(log, "utf8").catch(() => "");
    const at = Date.now();
    const whole = text.slice(read, text.lastIndexOf("\n") + 1);
    read += whole.length;
    for (const line of whole.split("\n").filter(Boolean)) {
      const event = JSON.parse(line) as Event;
      const metadata = event.resOutputsEvent?.metadata ?? event.resourcePreEvent?.metadata;
      if (metadata) seen.push({ type: metadata.type, at });
    }
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => void (looking = looking.then(look)), everyMs);
  return async () => {
    clearInterval(timer);
    await looking;
    return seen;
  };
}

interface Event {
  resOutputsEvent?: { metadata: { type: string } };
  resourcePreEvent?: { metadata: { type: string } };
}
