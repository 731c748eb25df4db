import { VisibleError, type VisibleErrorDetails } from "../stacks/visibleError.ts";
import type { CommandResult } from "./check.ts";
import type { Block, Guide, Step } from "./guide.ts";
import { capabilities, type Capability } from "./lab.ts";

/** How a block's script is run on its host, the script being the last argument and standard input empty. */
export const blockShell = ["bash", "-euo", "pipefail", "-c"] as const;

/** A block that has its place in a step. */
export interface PlacedBlock {
  step: Step;
  block: Block;
}

/** How the blocks of a guide are run. */
export interface RunBlocksOptions {
  /** What all hosts of the lab can do: see `sharedCapabilities`. */
  capabilities: Record<Capability, boolean>;
  /** Runs a script by `blockShell` on a host or the laptop; rejects when that cannot be reached or the time is up. */
  run: (host: string, script: string, options: { timeoutSec: number }) => Promise<CommandResult>;
  /** First step to run; 1 by default. */
  fromStep?: number;
  /** Last step to run; all by default. */
  upToStep?: number;
  /** Longest that one block may take; 180 by default. */
  timeoutSec?: number;
  /** Told of each block before it runs. */
  onBlock?: (placed: PlacedBlock) => void;
}

/** A guide's block that failed, on `host`. */
export class BlockError extends VisibleError {
  readonly host: string;

  constructor(host: string, summary: string, details?: VisibleErrorDetails) {
    super(summary, details);
    this.host = host;
  }
}

/** What every one of the hosts can do. A lesson across hosts needs a capability on all of them. */
export function sharedCapabilities(
  hosts: readonly { capabilities: Record<Capability, boolean> }[],
): Record<Capability, boolean> {
  const shared = (capability: Capability) => hosts.every((host) => host.capabilities[capability]);
  return Object.fromEntries(capabilities.map((name) => [name, shared(name)])) as Record<Capability, boolean>;
}

/** Whether a block runs on hosts that can do `has`. */
export function applies(block: Block, has: Record<Capability, boolean>): boolean {
  return block.needs.every((name) => has[name]) && !block.without.some((name) => has[name]);
}

/** The blocks that run, in order. */
export function selectBlocks(
  guide: Guide,
  {
    capabilities: has,
    fromStep = 1,
    upToStep = Infinity,
  }: Pick<RunBlocksOptions, "capabilities" | "fromStep" | "upToStep">,
): PlacedBlock[] {
  return guide.steps
    .filter((step) => step.number >= fromStep && step.number <= upToStep)
    .flatMap((step) => step.blocks.filter((block) => applies(block, has)).map((block) => ({ step, block })));
}

/** Does the guide's work: runs its blocks one after the other and stops at the first that fails, with a BlockError. */
export async function runBlocks(guide: Guide, options: RunBlocksOptions): Promise<PlacedBlock[]> {
  const { run, onBlock, timeoutSec = 180 } = options;
  const selected = selectBlocks(guide, options);
  for (const placed of selected) {
    onBlock?.(placed);
    const { host, script } = placed.block;
    const result = await run(host, script, { timeoutSec }).catch((error: unknown) => {
      if (error instanceof VisibleError || !(error instanceof Error)) throw error;
      throw blockError(placed, "has no end", [error.message]);
    });
    if (result.code !== 0) throw blockError(placed, `exited with ${result.code}`, lastWords(result));
  }
  return selected;
}

function blockError({ step, block }: PlacedBlock, ending: string, details: string[]): BlockError {
  return new BlockError(
    block.host,
    `Step ${step.number} (${step.title}) failed on ${block.host}: the block of guide.md:${block.line} ${ending}.`,
    {
      details,
      fix: `Run the block by hand on ${block.host} to see more, or start the lab afresh and solve again.`,
    },
  );
}

/** The last lines of stderr, or of stdout where stderr is empty. */
function lastWords({ stderr, stdout }: CommandResult): string[] {
  const said = stderr.trim() || stdout.trim();
  return said
    .split("\n")
    .slice(-15)
    .filter((line) => line !== "");
}
