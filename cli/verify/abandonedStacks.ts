import { existsSync } from "node:fs";
import { isFree } from "../../setup/lock.ts";
import { reported, silentReporter, type Reporter } from "../../stacks/reporter.ts";
import { settingsFile } from "../../stacks/stack.ts";
import { tracedStacks } from "../../stacks/stackFiles.ts";
import { down } from "../../stacks/teardown.ts";
import { runLock } from "./ephemeralStack.ts";

/** A stack of `verify`'s. */
const verified = /^verify-.+-[0-9a-z]{5}$/;

/** Takes away what runs of `verify` left that were killed, such as a cancelled job's: those that hold their stacks no longer. */
export async function removeAbandoned(reporter: Reporter): Promise<void> {
  for (const stack of await tracedStacks()) {
    // One with a file of its own is somebody's, whatever its name.
    if (!verified.test(stack) || existsSync(settingsFile(stack)) || !isFree(runLock(stack))) continue;
    await reported(reporter, `Stack ${stack}, of a run that was killed`, () =>
      down(stack, { reporter: silentReporter }),
    );
  }
}
