import { judge, look, refuseProblems } from "../doctor/examine.ts";
import type { Finding } from "../doctor/facts.ts";
import { outerEngine } from "../engine/outer.ts";
import { refuseOverBudget } from "../stacks/ec2/forecast.ts";
import { reset, up, type UpReport } from "../stacks/lifecycle.ts";
import { ended } from "../stacks/phase.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import type { Stack } from "../stacks/stack.ts";
import type { TargetName } from "../stacks/target.ts";
import { lookAhead } from "./lookAhead.ts";

export interface BroughtUp {
  report: UpReport;
  /** What the machine lacks of what the lab wants. */
  warnings: Finding[];
}

export interface BringUpOptions {
  /** Takes away what stands first, with all that was done on the hosts; false by default. */
  anew?: boolean;
  /** Interrupts Pulumi. */
  signal?: AbortSignal;
}

/** Brings a stack up on a machine that can carry it. @throws MachineError before anything is made on one that cannot. */
export async function bringUp(
  stack: Stack,
  reporter: Reporter,
  { anew = false, signal }: BringUpOptions = {},
): Promise<BroughtUp> {
  let warnings: Finding[] = [];
  const check = async () => {
    warnings = await checks[stack.plan.target](stack, reporter);
    ended("machine");
  };
  const report = await (anew ? reset : up)(stack, { reporter, check, signal });
  return { report, warnings };
}

type Check = (stack: Stack, reporter: Reporter) => Promise<Finding[]>;

const checkMachine: Check = (stack, reporter) =>
  reported(reporter, "Looking at the machine", async ({ progress }) =>
    refuseProblems(
      judge(await look(await outerEngine(stack.engineUrl()), { url: stack.engineUrl(), progress }), stack),
      stack,
    ),
  );

/** What is looked at before anything is made, by the target: it refuses, or answers with warnings. */
const checks: Record<TargetName, Check> = {
  container: checkMachine,
  vm: checkMachine,
  // Machines that exist are looked at by their resource, each of them and what is between them; here what opens them.
  async ssh(stack) {
    (await lookAhead(stack)).refuse();
    return [];
  },
  async ec2({ plan }, reporter) {
    if (plan.budget !== undefined) await reported(reporter, "Looking at the price", () => refuseOverBudget(plan));
    const { refuseVpcClashes } = await import("../stacks/ec2/vpcs.ts");
    await reported(reporter, "Looking at the region's VPCs", () => refuseVpcClashes(plan));
    return [];
  },
};
