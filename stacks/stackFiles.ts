import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { homeFolder, stackFolder, workFolder } from "./home.ts";
import { ownSettingsFile, pulumiSettingsFile } from "./stack.ts";

/** What a stack has in the home besides its state, there or not: the settings last, without which it has no `up`. */
export const stackFiles = (stack: string): string[] => [
  stackFolder(stack),
  workFolder(stack),
  pulumiSettingsFile(stack),
  ownSettingsFile(stack),
];

/** Logs of Pulumi's operations on a stack, which it keeps for a week otherwise. */
export async function pulumiLogs(stack: string): Promise<string[]> {
  const folder = join(homeFolder(), "pulumi", "logs");
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => /^.*\+(.+)-\d{8}T\d{6}\.log$/.exec(name)?.[1] === stack);
  return own.map((name) => join(folder, name));
}
