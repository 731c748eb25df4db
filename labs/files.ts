import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadLab } from "./index.ts";

/** The files that a lab's hosts get, from its folder files/: paths on this machine by name. None for most labs. */
export function filesOfLab(slug: string): Record<string, string> {
  const folder = fileURLToPath(new URL("files/", loadLab(slug).folder));
  if (!existsSync(folder)) return {};
  return Object.fromEntries(readdirSync(folder).map((name) => [name, `${folder}${name}`]));
}
