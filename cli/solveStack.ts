import type { Guide } from "../labs/guide.ts";
import { loadLab } from "../labs/index.ts";
import { runBlocks, sharedCapabilities, type PlacedBlock } from "../labs/solve.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import { VisibleError } from "../stacks/visibleError.ts";
import { stepOf } from "./guideSteps.ts";
import { hostsOfLab } from "./hostsOfLab.ts";

/** The steps to do. */
export interface SolvedSteps {
  /** First step to do; 1 by default. */
  from?: number;
  /** Last step to do; all by default. */
  to?: number;
}

/**
 * Runs the blocks of the lab's guide on the stack's hosts.
 * @throws BlockError at the first that fails; VisibleError for steps that are not, or hosts of another lab.
 */
export async function solveStack(
  stack: Stack,
  { from, to, reporter }: SolvedSteps & { reporter: Reporter },
): Promise<PlacedBlock[]> {
  const guide = await loadLab(stack.lab.slug).guide();
  const title = `Solution, ${stepsText(guide, { from, to })}`;
  const hosts = await hostsOfLab(stack);
  return reported(
    reporter,
    title,
    ({ progress }) =>
      runBlocks(guide, {
        capabilities: sharedCapabilities(hosts.outputs.hosts),
        run: (host, script, limits) => hosts.runBlock(host, script, limits),
        fromStep: from,
        upToStep: to,
        onBlock: ({ step, block }) => progress(`step ${step.number}, ${block.host}, guide.md:${block.line}`),
      }),
    (blocks) => `${blocks.length} blocks`,
  );
}

/** "all steps", "step 2", "steps 2 to 3". @throws VisibleError for a step that is not there, or a last before the first. */
export function stepsText(guide: Guide, { from, to }: SolvedSteps): string {
  for (const step of [from, to]) if (step !== undefined) stepOf(guide, step);
  const last = guide.steps.at(-1)?.number ?? 1;
  const [begin, end] = [from ?? 1, to ?? last];
  if (begin > end) {
    throw new VisibleError(`Step ${end} comes before step ${begin}: there is nothing to do.`, {
      fix: `Give the first step with --from and the last with --to, such as --from ${end} --to ${begin}.`,
    });
  }
  if (begin === end) return `step ${begin}`;
  return begin === 1 && end === last ? "all steps" : `steps ${begin} to ${end}`;
}
