import { laptop } from "../../labs/blockInfo.ts";
import type { Graded } from "../../labs/grade.ts";
import { BlockError } from "../../labs/solve.ts";
import { audit, type Leftover } from "../../stacks/audit.ts";
import type { UpReport } from "../../stacks/lifecycle.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack, type Stack } from "../../stacks/stack.ts";
import { down } from "../../stacks/teardown.ts";
import { bringUp } from "../bringUp.ts";
import { gradeStack } from "../gradeStack.ts";
import { LiveHosts } from "../liveHosts.ts";
import { solveStack } from "../solveStack.ts";
import type { EphemeralStack } from "./ephemeralStack.ts";

/** What verify does with a lab. Tests hand in drivers that break one of these. */
export interface LabDriver {
  /** Ends, and lets go of the stack, when the signal says so. */
  up: (
    reporter: Reporter,
    signal: AbortSignal,
  ) => Promise<Pick<UpReport, "changed" | "created" | "updated" | "deleted">>;
  grade: (reporter: Reporter) => Promise<Graded[]>;
  /** Answers the number of blocks that were run. */
  solve: (reporter: Reporter) => Promise<number>;
  /** Answers what is left. */
  down: (reporter: Reporter) => Promise<Leftover[]>;
  audit: () => Promise<Leftover[]>;
}

/** Drives the real lab, on a stack that exists for this alone. */
export function labDriver({ name, settings }: EphemeralStack): LabDriver {
  return {
    async up(reporter, signal) {
      await makeOwnSettings(name, settings);
      const { report } = await bringUp(await openStack(name), reporter, { signal });
      return report;
    },
    grade: async (reporter) => gradeStack(await openStack(name), { reporter }),
    async solve(reporter) {
      const stack = await openStack(name);
      try {
        return (await solveStack(stack, { reporter })).length;
      } catch (error) {
        throw error instanceof BlockError ? await withEngineLog(stack, error) : error;
      }
    },
    down: async (reporter) => (await down(name, { reporter })).left,
    audit: () => audit(name),
  };
}

/** How many of an engine's last lines are told. */
const engineLines = 15;

/** The failure with what the engine of its host said last: the host is gone before anybody could look. */
async function withEngineLog(stack: Stack, error: BlockError): Promise<BlockError> {
  if (error.host === laptop) return error;
  const hosts = await LiveHosts.of(stack);
  const said = await hosts
    .grade((context) => context.host(error.host).engineLog(/./))
    .catch((reason: unknown) => [`its log could not be read: ${String(reason)}`]);
  const details = said.slice(-engineLines).map((line) => `engine of ${error.host}: ${line}`);
  return new BlockError(error.host, error.summary, { details: [...error.details, ...details], fix: error.fix });
}
