import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import http from "node:http";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { execa } from "execa";
import { publishedChecksum, verifyChecksum } from "./checksum.ts";
import { NotThisWay } from "./notThisWay.ts";
import type { Say } from "./step.ts";
import { executable, type Tool } from "./tools.ts";

/** Longest time until a server answers, and between two pieces of a file; a closed network is told soon. */
const silenceMs = { answer: 5_000, piece: 30_000 };

/**
 * Gets a tool's published archive, verified against the checksums published with it.
 * @param into Gets the binaries.
 * @returns where they came from.
 * @throws NotThisWay when it cannot be reached; MachineError when the checksum is another.
 */
export async function download(tool: Tool, into: string, say: Say): Promise<string> {
  const { archive, checksums, folder } = tool.release;
  const name = basename(archive);
  say.progress("looking for the published one");
  const published = publishedChecksum(await (await fetchUrl(checksums, say.signal)).text(), name);
  if (published === undefined) throw new NotThisWay(checksums, `it has no checksum of ${name}`);

  const work = join(into, "download");
  await mkdir(work);
  try {
    await save(archive, join(work, name), say);
    await verifyChecksum(join(work, name), published, archive);
    await unpack(join(work, name), work, say.signal);
    for (const { binary } of tool.programs) {
      await rename(join(work, folder, executable(binary)), join(into, executable(binary)));
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return `${tool.version}, downloaded from ${archive}`;
}

async function fetchUrl(url: string, interrupted: AbortSignal): Promise<Response> {
  // The first releases of Node.js 24 have it not; there it takes NODE_USE_ENV_PROXY=1.
  if ("setGlobalProxyFromEnv" in http) http.setGlobalProxyFromEnv();
  const abort = new AbortController();
  const timer = setTimeout(
    () => abort.abort(new Error(`no answer within ${silenceMs.answer / 1_000} s`)),
    silenceMs.answer,
  );
  try {
    const response = await fetch(url, { signal: AbortSignal.any([abort.signal, interrupted]) });
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return response;
  } catch (error) {
    throw new NotThisWay(url, reasonOf(error));
  } finally {
    clearTimeout(timer);
  }
}

async function save(url: string, file: string, { progress, signal }: Say): Promise<void> {
  const response = await fetchUrl(url, signal);
  const total = Number(response.headers.get("content-length") ?? 0);
  let received = 0;
  const abort = new AbortController();
  const stalled = () => abort.abort(new Error(`nothing came for ${silenceMs.piece / 1_000} s after ${received} bytes`));
  let timer = setTimeout(stalled, silenceMs.piece);
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      clearTimeout(timer);
      timer = setTimeout(stalled, silenceMs.piece);
      received += chunk.length;
      progress(`downloading ${mebibytes(received)} of ${total > 0 ? mebibytes(total) : "?"} MiB`);
      pass(undefined, chunk);
    },
  });
  try {
    if (!response.body) throw new Error("an empty answer");
    await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file), {
      signal: AbortSignal.any([abort.signal, signal]),
    });
  } catch (error) {
    throw new NotThisWay(url, reasonOf(abort.signal.aborted ? abort.signal.reason : error));
  } finally {
    clearTimeout(timer);
  }
}

/** Both GNU tar and the bsdtar of macOS and Windows tell the format by themselves. */
async function unpack(archive: string, into: string, cancelSignal: AbortSignal): Promise<void> {
  const { failed, stderr, shortMessage } = await execa("tar", ["-xf", archive, "-C", into], {
    reject: false,
    timeout: 300_000,
    cancelSignal,
  });
  if (failed) throw new NotThisWay(`tar -xf ${archive}`, stderr || (shortMessage ?? ""));
}

const mebibytes = (bytes: number) => Math.round(bytes / 1_048_576);

/** fetch hides the reason in the cause of its error. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
