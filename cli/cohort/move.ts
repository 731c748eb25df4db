import { existsSync } from "node:fs";
import { cardsFolder } from "../../cohort/cards.ts";
import { openCohort } from "../../cohort/cohort.ts";
import { cohortUp } from "../../cohort/lifecycle.ts";
import { moveLearners } from "../../cohort/move.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Call } from "../command.ts";
import type { CohortOptions } from "../commands/cohort.ts";
import { exitCode } from "../exitCode.ts";

/** Moves learners to another engine, and brings their stacks up there. */
export async function move({ options, reporter, print, terminal }: Call<CohortOptions>): Promise<number> {
  const { stack, learner = [], engine } = options;
  if (learner.length === 0 || engine === undefined) {
    throw new VisibleError("cohort move: it takes --learner and --engine.", {
      fix: `Such as: ./drydock cohort move --stack ${stack} --learner ada --engine ssh://root@lab2`,
    });
  }
  const cohort = await openCohort(stack);
  const moved = await moveLearners(cohort, learner, engine, reporter);
  await cohortUp(cohort, reporter);
  if (moved.length > 0 && existsSync(cardsFolder(stack)))
    reporter.note(
      `Their hosts are elsewhere now: the cards in ${cardsFolder(stack)} are written anew; hand them out again.`,
    );
  print({ moved, engine }, () =>
    moved.length === 0
      ? `${learner.join(", ")}: on ${engine} already.\n`
      : `${terminal.paint("green", "✔")} On ${engine} now: ${moved.join(", ")}\n`,
  );
  return exitCode.done;
}
