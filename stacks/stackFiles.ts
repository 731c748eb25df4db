import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { homeFolder, stackFolder, stacksFolder, workFolder } from "./home.ts";
import { project } from "./project.ts";
import { ownSettingsFile, pulumiSettingsFile } from "./stack.ts";
import { stackOfFile, stateFile } from "./stateFile.ts";

/** What a stack has in the home besides its state, there or not: the settings last, without which it has no `up`. */
export const stackFiles = (stack: string): string[] => [
  stackFolder(stack),
  workFolder(stack),
  pulumiSettingsFile(stack),
  ownSettingsFile(stack),
];

/** The stacks that have such files, or state. */
export async function tracedStacks(): Promise<string[]> {
  const namesIn = (folder: string) => readdir(folder).catch(() => []);
  const settings = await namesIn(join(homeFolder(), "settings"));
  const states = await namesIn(dirname(stateFile(project, "")));
  const names = [
    ...(await namesIn(stacksFolder())),
    ...(await namesIn(join(homeFolder(), "work"))),
    ...settings.flatMap((name) => /^(?:Pulumi\.)?(.+)\.yaml$/.exec(name)?.[1] ?? []),
    ...states.flatMap((name) => stackOfFile(name) ?? []),
  ];
  return [...new Set(names)].sort();
}

/** Logs of Pulumi's operations on a stack, which it keeps for a week otherwise. */
export async function pulumiLogs(stack: string): Promise<string[]> {
  const folder = join(homeFolder(), "pulumi", "logs");
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => /^.*\+(.+)-\d{8}T\d{6}\.log$/.exec(name)?.[1] === stack);
  return own.map((name) => join(folder, name));
}
