import { openCohort } from "../../cohort/cohort.ts";
import { extend as extendCohort } from "../../cohort/extend.ts";
import { cohortUp } from "../../cohort/lifecycle.ts";
import { inUtc } from "../../stacks/expiry.ts";
import { project } from "../../stacks/project.ts";
import { readState } from "../../stacks/stateFile.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import { exitCode } from "../exitCode.ts";
import type { CohortCall } from "./actions.ts";

/** Gives a cohort another expiry, and tells the hosts that stand. */
export async function extend({ options, reporter, print, terminal }: CohortCall): Promise<number> {
  const { stack, until } = options;
  if (until === undefined) {
    throw new VisibleError("drydock cohort extend: --until is missing.", {
      fix: `For example: ./drydock cohort extend --stack ${stack} --until 2099-12-31T18:00:00+01:00`,
    });
  }
  await openCohort(stack, new Date(0));
  const expiry = await extendCohort(stack, until);
  if ((await readState(project, stack)).exists) await cohortUp(await openCohort(stack), reporter);
  print(
    { cohort: stack, expiry },
    () => `${terminal.paint("green", "✔")} Cohort ${stack} expires at ${inUtc(expiry)}.\n`,
  );
  return exitCode.done;
}
