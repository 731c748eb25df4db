import { loadLab } from "../labs/index.ts";
import { runBlocks, sharedCapabilities, type PlacedBlock } from "../labs/solve.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import { stepOf } from "./guideSteps.ts";
import { LiveHosts } from "./liveHosts.ts";

export interface SolveOptions {
  /** First step to do; 1 by default. */
  from?: number;
  /** Last step to do; all by default. */
  to?: number;
  reporter: Reporter;
}

/** Runs the blocks of the lab's guide on the stack's hosts. @throws BlockError at the first that fails. */
export async function solveStack(stack: Stack, { from, to, reporter }: SolveOptions): Promise<PlacedBlock[]> {
  const guide = await loadLab(stack.lab.slug).guide();
  for (const step of [from, to]) if (step !== undefined) stepOf(guide, step);
  const hosts = await LiveHosts.of(stack);
  const steps = to === undefined ? "all steps" : `steps ${from ?? 1} to ${to}`;
  return reported(
    reporter,
    `Solution, ${steps}`,
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
