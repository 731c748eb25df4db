import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const doctor: CommandSpec = {
  name: "doctor",
  group: "Machine",
  summary: "Look whether the engine and its machine can carry the stack, and name the fix where not",
  description:
    "Starts two short-lived containers to see what the engine allows. Exits with 3 when the lab cannot be brought up.",
  examples: [["./drydock doctor", "engine, kernel, addresses, ports, memory and disk, for the lab of stack dev"]],
  async run({ options, terminal, reporter, print }) {
    const { outerEngine } = await import("../../engine/outer.ts");
    const { openToLook } = await import("../openToLook.ts");
    const { bringImages } = await import("../../stacks/prepareImages.ts");
    const { reported } = await import("../../stacks/reporter.ts");
    const { judge, look } = await import("../../doctor/examine.ts");
    const { findingsText } = await import("../views/findingsText.ts");
    const stack = await openToLook(options.stack);
    const engine = await outerEngine(stack.engineUrl());
    await bringImages(engine, stack.engineUrl(), stack.plan, reporter);
    const facts = await reported(reporter, "Looking at the machine", ({ progress }) =>
      look(engine, {
        url: stack.engineUrl(),
        startContainers: true,
        tryVm: stack.plan.target === "vm",
        progress,
      }),
    );
    const findings = judge(facts, stack);
    const healthy = !findings.some(({ verdict }) => verdict === "problem");
    print({ lab: stack.lab.slug, healthy, findings }, () => findingsText(findings, stack.lab.slug, terminal.paint));
    return healthy ? exitCode.done : exitCode.machine;
  },
};
