import type { CommandSpec } from "../command.ts";
import { exitCode } from "../exitCode.ts";

export const plan: CommandSpec = {
  name: "plan",
  group: "Labs",
  summary: "Show what a stack will make, without touching an engine",
  description: "On EC2 it asks AWS's price list what that costs, and makes nothing.",
  examples: [
    ["./drydock plan", "hosts, addresses, ports, memory and networks"],
    ["./drydock plan --json | jq .plan.network", "the same for a script"],
  ],
  async run({ options, print }) {
    const { openStack } = await import("../../stacks/stack.ts");
    const { forecastPrice } = await import("../../stacks/ec2/forecast.ts");
    const { forecast } = await import("../../stacks/capacity.ts");
    const { planText } = await import("../views/planText.ts");
    const { plan } = await openStack(options.stack);
    const { isOnEngine } = await import("../../stacks/target.ts");
    const needs = forecast(plan);
    const price = plan.ec2 && (await forecastPrice([plan]));
    print({ plan, forecast: isOnEngine(plan.target) ? needs : undefined, price }, () => planText(plan, needs, price));
    return exitCode.done;
  },
};
