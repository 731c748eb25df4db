import type { CommandSpec } from "../command.ts";

export const plan: CommandSpec = {
  name: "plan",
  group: "Labs",
  summary: "Show what a stack will make, and whether there is room for it",
  description:
    "It makes nothing. What `up` would refuse it refuses too, with what and why: a machine with too little memory, " +
    "addresses that something else has, a price over the budget. Where the engine does not answer, or AWS cannot be " +
    "asked, it shows the plan and says what it has not looked at.",
  examples: [
    ["./drydock plan", "hosts, addresses, ports, memory and networks"],
    ["./drydock plan --json | jq .plan.network", "the same for a script"],
  ],
  async run({ options, print }) {
    const { openStack } = await import("../../stacks/stack.ts");
    const { forecastPrice } = await import("../../stacks/ec2/forecast.ts");
    const { forecast } = await import("../../stacks/capacity.ts");
    const { planText, unseenText } = await import("../views/planText.ts");
    const { printThenRefuse } = await import("../printThenRefuse.ts");
    const { lookAhead } = await import("../lookAhead.ts");
    const { isOnEngine } = await import("../../stacks/target.ts");
    const stack = await openStack(options.stack);
    const { plan } = stack;
    const needs = forecast(plan);
    const price = plan.ec2 && (await forecastPrice([plan]));
    const { unseen, refuse } = await lookAhead(stack, price);
    const forecasted = isOnEngine(plan.target) ? needs : undefined;
    return printThenRefuse(
      { options, print },
      { plan, forecast: forecasted, price, unseen },
      () => planText(plan, needs, price) + unseenText(unseen),
      refuse,
    );
  },
};
