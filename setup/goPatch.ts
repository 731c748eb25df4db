import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** A dependency of a module, some of whose files give place to ours. */
export interface GoPatch {
  /** Its path, such as "github.com/hashicorp/terraform-provider-aws". */
  dependency: string;
  /** Folder with our files, each at its path in the dependency. */
  files: string;
}

/** Only what is built; tests of a dependency may be as large. */
const isBuilt = (path: string) => !/_test\.go$|[/\\]testdata$/.test(path);

/**
 * Makes a copy of the dependency, which Go has checked against go.sum, with our files in it. Go's -overlay would do
 * without a copy, but replaces nothing in its module cache.
 * @param folder Where the module is.
 * @param work An empty folder for the copy, which must stay until the build is done.
 * @param go Runs Go in the module, and answers the lines that it printed.
 * @returns the flag that has Go build with the copy.
 */
export async function patched(
  { dependency, files }: GoPatch,
  folder: string,
  work: string,
  go: (args: string[]) => Promise<string[]>,
): Promise<string> {
  const answer = await go(["mod", "download", "-json", dependency]);
  const { Dir: original } = JSON.parse(answer.join("\n")) as { Dir: string };
  const copy = join(work, "dependency");
  await cp(original, copy, { recursive: true, filter: isBuilt });
  await cp(join(folder, files), copy, { recursive: true });

  const modfile = join(work, "go.mod");
  const replaced = `\nreplace ${dependency} => ${JSON.stringify(copy)}\n`;
  await writeFile(modfile, (await readFile(join(folder, "go.mod"), "utf8")) + replaced);
  await cp(join(folder, "go.sum"), join(work, "go.sum"));
  return `"-modfile=${modfile}"`;
}
