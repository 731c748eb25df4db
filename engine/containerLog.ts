import type Docker from "dockerode";

/** What a container wrote to both streams, in order: its last `tail` lines, or all that the engine has kept. */
export async function containerLog(container: Docker.Container, { tail }: { tail?: number } = {}): Promise<string> {
  const limit = tail === undefined ? {} : { tail };
  return unframed(await container.logs({ stdout: true, stderr: true, follow: false, ...limit }));
}

/** The text of a log of two streams, each piece of which the engine puts behind four bytes for the stream and four of length. */
export function unframed(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let offset = 0; offset + 8 <= log.length;) {
    const end = offset + 8 + log.readUInt32BE(offset + 4);
    pieces.push(log.subarray(offset + 8, end));
    offset = end;
  }
  return Buffer.concat(pieces).toString();
}
