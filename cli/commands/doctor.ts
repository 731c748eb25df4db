import type { Finding } from "../../doctor/facts.ts";
import type { Ec2Plan } from "../../stacks/ec2/plan.ts";
import type { Reporter } from "../../stacks/reporter.ts";
import type { SshPlan } from "../../stacks/ssh/plan.ts";
import type { Stack } from "../../stacks/stack.ts";
import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const doctor: CommandSpec = {
  name: "doctor",
  group: "Machine",
  summary: "Look whether the engine and its machine can carry the stack, and name the fix where not",
  description:
    "Starts two short-lived containers to see what the engine allows. For the target ec2 it asks AWS in their place,\n" +
    "for ssh it looks at the machines, and changes nothing on them.\n" +
    "Exits with 3 when the lab cannot be brought up.",
  examples: [["./drydock doctor", "engine, kernel, addresses, ports, memory and disk, for the lab of stack dev"]],
  async run({ options, terminal, reporter, print }) {
    const { openToLook } = await import("../openToLook.ts");
    const { findingsText } = await import("../views/findingsText.ts");
    const stack = await openToLook(options.stack);
    const findings = await findingsOf(stack, reporter);
    const healthy = !findings.some(({ verdict }) => verdict === "problem");
    const carrier = carrierOf(stack);
    print({ lab: stack.lab.slug, healthy, findings }, () =>
      findingsText(findings, { lab: stack.lab.slug, carrier, paint: terminal.paint }),
    );
    return healthy ? exitCode.done : exitCode.machine;
  },
};

function findingsOf(stack: Stack, reporter: Reporter): Promise<Finding[]> {
  const { ec2, ssh } = stack.plan;
  if (ssh) return onMachines(ssh, stack, reporter);
  return ec2 ? onEc2(ec2, reporter) : onEngine(stack, reporter);
}

function carrierOf({ plan: { ec2, ssh } }: Stack): string {
  if (ssh) return "What is named in drydock:machines";
  return ec2 ? `EC2 in ${ec2.region}` : "This machine";
}

async function onMachines(ssh: SshPlan, { plan }: Stack, reporter: Reporter): Promise<Finding[]> {
  const { reported } = await import("../../stacks/reporter.ts");
  const { examineMachines } = await import("../../doctor/onMachines.ts");
  return reported(reporter, "Looking at the machines", () => examineMachines(ssh, plan));
}

async function onEc2(plan: Ec2Plan, reporter: Reporter): Promise<Finding[]> {
  const { reported } = await import("../../stacks/reporter.ts");
  const { examineEc2 } = await import("../../doctor/onEc2.ts");
  return reported(reporter, `Asking EC2 in ${plan.region}`, () => examineEc2(plan));
}

async function onEngine(stack: Stack, reporter: Reporter): Promise<Finding[]> {
  const { outerEngine } = await import("../../engine/outer.ts");
  const { bringImages } = await import("../../stacks/prepareImages.ts");
  const { reported } = await import("../../stacks/reporter.ts");
  const { judge, look } = await import("../../doctor/examine.ts");
  const url = stack.engineUrl();
  const engine = await outerEngine(url);
  await bringImages(engine, url, stack.plan, reporter);
  const facts = await reported(reporter, "Looking at the machine", ({ progress }) =>
    look(engine, { url, startContainers: true, tryVm: stack.plan.target === "vm", progress }),
  );
  return judge(facts, stack);
}
