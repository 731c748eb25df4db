import { isOwn, label } from "./labels.ts";
import { MachineError } from "./machineError.ts";
import type { StackOutputs } from "./outputs.ts";
import { ended } from "./phase.ts";
import type { Plan } from "./plan.ts";
import { operate } from "./pulumi.ts";
import type { Changes } from "./pulumiEvents.ts";
import { reportEvents } from "./reportEvents.ts";
import type { Reporter } from "./reporter.ts";
import { withStackLock } from "./stackLock.ts";
import { pulumiTarget, type Stack } from "./stack.ts";
import { makeState, readState, type State } from "./stateFile.ts";
import type { Site } from "./site.ts";
import { siteOf } from "./sites.ts";
import { takeAway } from "./takeAway.ts";

/** What an `up` did. */
export interface UpReport {
  /** False when everything was there already. */
  changed: boolean;
  created: number;
  updated: number;
  deleted: number;
  same: number;
  seconds: number;
  outputs: StackOutputs;
}

export interface UpOptions {
  reporter: Reporter;
  /** Interrupts Pulumi and builds of Go programs, in place of the process's own SIGINT and SIGTERM; the stack is free again when it has ended. */
  signal?: AbortSignal;
  /**
   * Refuses a machine that cannot carry the stack. Called before anything is made or removed, while no other command works
   * on the stack: what that makes would be in the way.
   */
  check: () => Promise<void>;
}

/**
 * Brings a stack up, or repairs it: what was lost, stopped or left behind by a killed `up` is made good.
 * @throws MachineError when another command holds the stack, or the engine was lost; PulumiError with what failed.
 */
export async function up(stack: Stack, { reporter, check, signal }: UpOptions): Promise<UpReport> {
  return withStackLock({ project: stack.project, name: stack.name, what: "drydock up", reporter }, async () => {
    const site = await siteOf(stack.plan);
    const state = await stateHere(site, stack);
    return site.work("drydock up", async () => {
      await site.bring(stack.plan, reporter);
      await check();
      return bringUp(site, stack, state, reporter, signal);
    });
  });
}

/** Makes a stack's hosts anew, with nothing of what was done on them. */
export async function reset(stack: Stack, { reporter, check, signal }: UpOptions): Promise<UpReport> {
  return withStackLock({ project: stack.project, name: stack.name, what: "drydock reset", reporter }, async () => {
    const site = await siteOf(stack.plan);
    const state = await stateHere(site, stack);
    return site.work("drydock reset", async () => {
      await site.bring(stack.plan, reporter);
      await check();
      const stuck = await takeAway([site], stack.name, state, reporter);
      if (stuck.length > 0) throw new MachineError("Not all of the hosts could be removed.", { details: stuck });
      return bringUp(site, stack, await stateHere(site, stack), reporter, signal);
    });
  });
}

/** What Pulumi knows of a stack. @throws MachineError when the stack is on another site than its settings want. */
async function stateHere(site: Site, { project, name, plan }: Stack): Promise<State> {
  const state = await readState(project, name);
  refuseOtherTarget(plan, state);
  site.refuseOther(name, state);
  return state;
}

/** @throws MachineError when the hosts that there are stand on something else than is planned. */
function refuseOtherTarget({ stack, ec2, ssh }: Plan, { engineUrl, region, machines }: State): void {
  const made = region !== undefined || machines.length > 0 || engineUrl !== undefined;
  const there = placeName(region, machines.length > 0);
  const wanted = placeName(ec2?.region, ssh !== undefined);
  if (!made || there === wanted) return;
  throw new MachineError(`Stack ${stack} is on ${there}, and its settings want it on ${wanted}.`, {
    fix: `Change them back, or take it away first: ./drydock down --stack ${stack}`,
  });
}

function placeName(region: string | undefined, onMachines: boolean): string {
  if (region !== undefined) return `EC2 in ${region}`;
  return onMachines ? "machines over SSH" : "an engine";
}

async function bringUp(
  site: Site,
  stack: Stack,
  state: State,
  reporter: Reporter,
  signal?: AbortSignal,
): Promise<UpReport> {
  const begun = performance.now();
  await site.prepare(stack.plan, reporter, signal);
  ended("images");
  const target = await pulumiTarget(stack.name);
  if (!state.exists) await makeState(stack.project, stack.name);
  await sweepStrays(site, stack, state.ids);
  // A refresh of nothing only costs time.
  const args = state.ids.size > 0 ? ["--refresh"] : [];
  ended("stack");
  const changes = await operate("up", { ...target, args, signal }, reportEvents(reporter));
  ended("pulumi");
  const outputs = await stack.outputs();
  ended("outputs");
  return { ...counted(changes), seconds: (performance.now() - begun) / 1_000, outputs };
}

/**
 * Removes what Pulumi does not know of this stack and would not take over: what a killed `up` made and could not record, of this plan or of an earlier one, and all that the home made before it was deleted.
 */
async function sweepStrays(site: Site, { project, name, plan }: Stack, known: Set<string>): Promise<void> {
  const all = await site.objects({ project, stack: name });
  const own = all.filter(({ labels }) => isOwn(labels, plan.labels));
  const strays = own.filter((object) => {
    if (known.has(object.id) || known.has(object.partOf ?? "")) return false;
    return object.labels[label.home] !== plan.labels[label.home] || !site.adopts(object, plan);
  });
  const stuck = await site.sweep(strays);
  if (stuck.length > 0) throw new MachineError("What an earlier `up` left is in the way.", { details: stuck });
}

function counted(changes: Changes): Omit<UpReport, "seconds" | "outputs"> {
  const count = (...kinds: string[]) => kinds.reduce((sum, kind) => sum + (changes[kind] ?? 0), 0);
  const created = count("create", "create-replacement", "replace");
  const updated = count("update");
  const deleted = count("delete", "delete-replaced");
  return { changed: created + updated + deleted > 0, created, updated, deleted, same: count("same") };
}
