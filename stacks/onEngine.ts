import type Docker from "dockerode";
import { outerEngine } from "../engine/outer.ts";
import { ping } from "../engine/ping.ts";
import { MachineError } from "./machineError.ts";
import { PulumiError } from "./pulumiError.ts";
import { VisibleError } from "./visibleError.ts";

/**
 * Does a command's work on the engine of that URL.
 * @throws MachineError that names the engine and says what to do, when the work failed and the engine was lost meanwhile.
 */
export async function onEngine<T>(command: string, url: string, work: (engine: Docker) => Promise<T>): Promise<T> {
  const engine = await outerEngine(url);
  const connection = holdConnection(engine);
  try {
    return await work(engine);
  } catch (error) {
    if (error instanceof PulumiError && error.interrupted) throw error;
    const silence = await ping(engine).then(
      () => undefined,
      (reason: unknown) => wordsOf(reason),
    );
    if (silence === undefined && !connection.broke()) throw error;
    throw engineLost(command, url, silence, error);
  } finally {
    connection.close();
  }
}

/** Tells whether an engine went away, though it may be back by then. One that has no events to tell is asked only in the end. */
function holdConnection(engine: Docker): { broke: () => boolean; close: () => void } {
  const abort = new AbortController();
  let broken = false;
  engine.getEvents({ filters: { type: ["daemon"] }, abortSignal: abort.signal }).then(
    (stream) => {
      stream.on("close", () => (broken = true)).on("error", () => (broken = true));
      stream.resume();
    },
    () => undefined,
  );
  return { broke: () => broken, close: () => abort.abort() };
}

function engineLost(command: string, url: string, silence: string | undefined, error: unknown): MachineError {
  const now = silence === undefined ? "it answers again" : `it does not answer now: ${silence}`;
  const again = `run \`${command}\` again: it goes on from where this one ended`;
  return new MachineError(`The Docker engine at ${url} was lost during \`${command}\`.`, {
    details: [now, ...(error instanceof VisibleError ? [error.summary, ...error.details] : [wordsOf(error)])],
    fix: silence === undefined ? `R${again.slice(1)}.` : `Start the engine, and ${again}.`,
  });
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
