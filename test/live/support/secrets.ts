import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A secret by its name, and texts that would give it away wherever they stand. */
export interface Secret {
  name: string;
  needles: string[];
}

/** A secret that is one word. */
export const word = (name: string, text: string): Secret => ({
  name,
  needles: [text.trim(), Buffer.from(text.trim()).toString("base64").replace(/=*$/, "")],
});

/** A private key: any line of it that another key has not, and the whole in base64. */
export function privateKey(name: string, pem: string): Secret {
  const [, , ...lines] = pem.trim().split("\n").slice(0, -1);
  return {
    name,
    needles: [...lines.filter((line) => line.length > 30), Buffer.from(pem).toString("base64").slice(200, 260)],
  };
}

/** Which secrets a text gives away. */
export function secretsIn(text: string | Buffer, secrets: Secret[]): string[] {
  return secrets.filter(({ needles }) => needles.some((needle) => text.includes(needle))).map(({ name }) => name);
}

/** The files below a folder that give secrets away, as "path: names". Those that are packed are unpacked. */
export async function filesWithSecrets(folder: string, secrets: Secret[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  const found = entries.map(async (entry) => {
    const path = join(folder, entry);
    if (!(await lstat(path)).isFile()) return [];
    const names = secretsIn(unpacked(await readFile(path)), secrets);
    return names.length > 0 ? [`${entry}: ${names.join(", ")}`] : [];
  });
  return (await Promise.all(found)).flat().sort();
}

/** Pulumi's logs of no stack are packed; one that a kill cut off is read as far as it goes. */
function unpacked(content: Buffer): Buffer {
  const isPacked = content[0] === 0x1f && content[1] === 0x8b;
  return isPacked ? gunzipSync(content, { finishFlush: 2 }) : content;
}
