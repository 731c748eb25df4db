import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { MachineError } from "../stacks/machineError.ts";

/** The algorithm of a checksum, told by its length in hexadecimal digits: projects publish one of these. */
const algorithms: Record<number, string> = { 40: "sha1", 64: "sha256", 128: "sha512" };

/** The checksum of a file in a list as `shasum` prints it; undefined when the list has none of a known kind. */
export function publishedChecksum(list: string, name: string): string | undefined {
  for (const line of list.split("\n")) {
    const [, checksum = "", path = ""] = /^([0-9a-f]+) [ *](?:\.\/)?(\S+)$/i.exec(line.trim()) ?? [];
    if (path === name && checksum.length in algorithms) return checksum.toLowerCase();
  }
  return undefined;
}

/**
 * Makes sure that a file has the published checksum.
 * @throws MachineError, with the file removed, when it has another.
 */
export async function verifyChecksum(file: string, published: string, source: string): Promise<void> {
  const hash = createHash(algorithms[published.length] ?? "sha256");
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest("hex");
  if (actual === published) return;
  await rm(file);
  throw new MachineError(`${basename(file)} is not the file that was published: it was refused`, {
    details: [`tried ${source}`, `its published checksum is ${published}`, `the file that came has ${actual}`],
    fix: "try again; when it stays so, something between here and there changes downloads: do not install it by hand either",
  });
}
