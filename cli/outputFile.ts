import { constants } from "node:fs";
import { access, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { MachineError } from "../stacks/machineError.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/**
 * Looks whether a file that an option names can be written, before the work whose results it is to hold.
 * @throws VisibleError that names the option, where it cannot.
 */
export async function refuseBadOutput(option: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const problem = await problemOf(file);
  if (problem === undefined) return;
  throw new VisibleError(`${option} ${file}: ${problem}.`, { fix: "Name a file in a folder that you may write to." });
}

async function problemOf(file: string): Promise<string | undefined> {
  if (file === "") return "this names no file";
  const there = await stat(file).catch(() => undefined);
  if (there?.isDirectory()) return "this is a folder";
  const folder = dirname(file);
  if (!there && !(await stat(folder).catch(() => undefined))?.isDirectory()) return `there is no folder ${folder}`;
  const writable = access(there ? file : folder, constants.W_OK);
  return writable.then(
    () => undefined,
    () => `${there ? "it" : folder} may not be written to`,
  );
}

/** Writes results to a file that was looked at before. @throws MachineError when it cannot be written after all. */
export async function writeOutput(file: string, content: string): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new MachineError(`The results could not be written to ${file}.`, { details: [(error as Error).message] });
  }
}
