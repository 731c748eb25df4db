import { rm } from "node:fs/promises";
import { removeAccess } from "../provider/resources/accessFiles.ts";
import { stackFolder } from "./home.ts";
import { isOurs } from "./inventory.ts";
import { operate } from "./pulumi.ts";
import { PulumiError } from "./pulumiError.ts";
import { reportEvents } from "./reportEvents.ts";
import { reported, type Reporter } from "./reporter.ts";
import { project } from "./project.ts";
import { pulumiTarget } from "./stack.ts";
import { pulumiLogs } from "./stackFiles.ts";
import { statePaths, type State } from "./stateFile.ts";
import type { Site } from "./site.ts";
import { isSwept } from "./swept.ts";
import { closeTunnels } from "./tunnels.ts";
import { VisibleError } from "./visibleError.ts";

/**
 * Takes away what an `up` made, the settings apart: Pulumi destroys what a sweep by labels does not reach, the sweep
 * removes all the rest, the learner's access and the state go with it. Only for the holder of the stack's lock.
 * @param state What Pulumi knows; undefined when that cannot be read.
 * @param sites Where it may have something.
 * @returns objects that stay, a line each with the reason.
 * @throws PulumiError when it was interrupted.
 */
export async function takeAway(
  sites: readonly Site[],
  name: string,
  state: State | undefined,
  reporter: Reporter,
): Promise<string[]> {
  await closeTunnels(name);
  // A state that cannot be read is there, and Pulumi says what is wrong with it.
  if (!state || ![...state.types].every(isSwept)) await destroy(name, reporter);
  return reported(reporter, "Sweep", async () => {
    const swept = await Promise.allSettled(
      sites.map(async (site) => {
        const objects = await site.objects({ project, stack: name });
        return site.sweep(objects.filter(({ labels }) => isOurs(labels)));
      }),
    );
    const failed = swept.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    const stuck = swept.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
    const files = [...(await statePaths(project, name)), ...(await pulumiLogs(name))];
    for (const path of files) await rm(path, { recursive: true, force: true });
    await removeAccess(name, stackFolder(name)).catch((error: unknown) => {
      if (!(error instanceof VisibleError)) throw error;
      reporter.note(error.message);
    });
    return stuck;
  });
}

/** Lets Pulumi destroy what it knows; where it cannot, as by settings that are no YAML, the sweep does. */
async function destroy(name: string, reporter: Reporter): Promise<void> {
  try {
    await operate("destroy", await pulumiTarget(name), reportEvents(reporter));
  } catch (error) {
    if (error instanceof PulumiError && error.interrupted) throw error;
    reporter.note(`Pulumi could not destroy it; going on by labels. ${(error as Error).message}`);
  }
}
