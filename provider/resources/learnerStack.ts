import { rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { checkout } from "../../stacks/home.ts";
import { siteOf } from "../../stacks/sites.ts";
import { hasSettings, makeOwnSettings, openStack, ownSettingsFile } from "../../stacks/stack.ts";
import { readState } from "../../stacks/stateFile.ts";
import { project } from "../../stacks/project.ts";
import { isOnEngine } from "../../stacks/target.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import type { Handler } from "../handler.ts";

export interface LearnerStackInputs {
  stack: string;
  /** Its `drydock:` settings. */
  settings: Record<string, unknown>;
}

export interface LearnerStackOutputs {
  /** Whether all of its hosts run. */
  whole: boolean;
}

/**
 * Longest that a whole stack may take, in minutes. Its own waits have deadlines that name what they wait for; of those the
 * longest together are images and services that are built cold, and virtual machines without KVM.
 */
const upMin = 110;

/** A learner's stack in a cohort's: a Drydock stack like any other, brought up and taken away by Drydock's own commands. */
export const learnerStack: Handler<LearnerStackInputs, LearnerStackOutputs> = {
  async create(inputs) {
    return { id: inputs.stack, outputs: await bringUp(inputs) };
  },

  async read(id) {
    const { exists, outputs } = await readState(project, id);
    return exists && outputs ? { whole: await isWhole(id) } : undefined;
  },

  update: (_id, _state, inputs) => bringUp(inputs),

  delete: (id) => drydock("down", id),

  replaceOn: ["stack"],
  deadlineMin: upMin + 5,
  drifted: ({ whole }) => !whole,
};

async function bringUp({ stack, settings }: LearnerStackInputs): Promise<LearnerStackOutputs> {
  const known = await hasSettings(stack);
  await makeOwnSettings(stack, settings);
  try {
    await drydock("up", stack, "--no-install");
  } catch (error) {
    // One that was refused before anything was made leaves nothing to be taken down.
    if (!known && !(await readState(project, stack)).exists) await rm(ownSettingsFile(stack), { force: true });
    throw error;
  }
  return { whole: true };
}

/** Whether what the stack's plan has runs, as its site sees it; what is wrong within `drydock status` tells. */
async function isWhole(stack: string): Promise<boolean> {
  const { plan } = await openStack(stack, new Date(0));
  const site = await siteOf(plan);
  // One that does not answer is named by the `up` that is tried then.
  const stateOf = await site.states(plan).catch(() => undefined);
  const containers = plan.hosts.map(({ container }) => container);
  const wanted = isOnEngine(plan.target) ? [plan.registry.container, ...containers] : containers;
  return stateOf !== undefined && wanted.every((name) => stateOf(name) === "running");
}

const failure = z.object({
  error: z.object({ message: z.string(), details: z.array(z.string()), fix: z.string().optional() }),
});

/** Runs a command of Drydock's on a stack. @throws Error with what it said. */
async function drydock(command: "up" | "down", stack: string, ...args: string[]): Promise<void> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_"));
  const { exitCode, timedOut, stdout, stderr } = await execa(
    process.execPath,
    [join(checkout, "cli", "main.ts"), command, "--stack", stack, "--json", ...args],
    {
      ...{ cwd: checkout, env: Object.fromEntries(inherited), extendEnv: false, reject: false },
      // Interrupted it ends what it is doing, so that the next one goes on from there.
      ...{ timeout: upMin * 60_000, forceKillAfterDelay: 60_000 },
    },
  );
  if (exitCode === 0) return;
  if (timedOut) throw new Error(`drydock ${command} --stack ${stack} has not ended within ${upMin} min`);
  throw told(stdout) ?? new Error(`drydock ${command} --stack ${stack} ended with ${exitCode}: ${stderr.slice(-500)}`);
}

/** The error that a command printed as JSON, or undefined when it printed none. */
function told(stdout: string): VisibleError | undefined {
  try {
    const { message, details, fix } = failure.parse(JSON.parse(stdout)).error;
    return new VisibleError(message, { details, fix });
  } catch {
    return undefined;
  }
}
