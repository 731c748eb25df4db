import { processOf } from "../../stacks/processes.ts";
import { reported, silentReporter, type Reporter } from "../../stacks/reporter.ts";
import { tracedStacks } from "../../stacks/stackFiles.ts";
import { down } from "../../stacks/teardown.ts";

/** A stack of `verify`'s; its name has the process that made it. */
const verified = /^verify-.+-([0-9a-z]+)$/;

/** Takes away what runs of `verify` left that were killed, such as a cancelled job's: those whose process is gone. */
export async function removeAbandoned(reporter: Reporter): Promise<void> {
  for (const stack of await tracedStacks()) {
    const [, process] = verified.exec(stack) ?? [];
    if (process === undefined || (await processOf(parseInt(process, 36)))) continue;
    await reported(reporter, `Stack ${stack}, of a run that was killed`, () =>
      down(stack, { reporter: silentReporter }),
    );
  }
}
