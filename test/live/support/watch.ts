import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { waitFor } from "../../../engine/wait.ts";

/**
 * All that any process of the machine was started with, and the environment of this home's, while a command runs; the
 * event log that it keeps besides.
 */
export async function watch(
  command: Promise<unknown>,
  { home, log }: { home: string; log: string },
): Promise<Set<string>> {
  const seen = new Set<string>();
  let ended = false;
  void command.finally(() => (ended = true));
  await waitFor<true>({
    what: "the command to end",
    deadlineMs: 300_000,
    everyMs: 50,
    look: async () => {
      const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
      for (const id of ids) {
        seen.add(await read(join("/proc", id, "cmdline")));
        const environment = await read(join("/proc", id, "environ"));
        if (environment.includes(`DRYDOCK_HOME=${home}`)) seen.add(environment);
      }
      seen.add(await read(log));
      return ended ? { value: true } : { waiting: "it runs" };
    },
  });
  return seen;
}

const read = (file: string) => readFile(file, "utf8").catch(() => "");
