import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const plan: CommandSpec = {
  name: "plan",
  group: "Labs",
  summary: "Show what a stack will make, without touching an engine",
  examples: [
    ["./drydock plan", "hosts, addresses, ports, memory and networks"],
    ["./drydock plan --json | jq .plan.network", "the same for a script"],
  ],
  async run({ options, print }) {
    const { openStack } = await import("../../stacks/stack.ts");
    const { forecast } = await import("../../stacks/capacity.ts");
    const { planText } = await import("../views/planText.ts");
    const { plan } = await openStack(options.stack);
    const needs = forecast(plan);
    print({ plan, forecast: needs }, () => planText(plan, needs));
    return exitCode.done;
  },
};
