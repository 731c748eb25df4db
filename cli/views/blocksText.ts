import type { PlacedBlock } from "../../labs/solve.ts";

/** Blocks that were run, for a script. */
export const blocksJson = (blocks: readonly PlacedBlock[]) =>
  blocks.map(({ step, block: { host, line, script } }) => ({ step: step.number, host, line, script }));

/** Blocks that were run, for a learner: what was typed where. */
export const blocksText = (blocks: readonly PlacedBlock[]): string =>
  blocks.map(({ step, block }) => `# step ${step.number}, on ${block.host}\n${block.script}`).join("\n");
