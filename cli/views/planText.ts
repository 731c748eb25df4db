import { withoutRecipe } from "../../images/catalogue.ts";
import type { Forecast } from "../../stacks/capacity.ts";
import type { Plan } from "../../stacks/plan.ts";
import { table } from "../table.ts";
import { hostTable } from "./hostTable.ts";

/** A plan as its author reads it. */
export function planText(plan: Plan, { memoryMib, diskMib, networks, containers, volumes }: Forecast): string {
  const { swarm, enginePool, registry } = plan;
  const addresses = table(
    ["ADDRESSES", "USE"],
    [
      [plan.addresses, "the stack's block"],
      [plan.network.subnet, `lab network ${plan.network.name}`],
      [registry.address, "registry, the hosts' mirror of Docker Hub"],
      [enginePool.base, `bridge networks in each host, /${enginePool.size} each`],
      [swarm.overlayBase, `overlay networks, /${swarm.overlaySize} each`],
    ],
  );
  return [
    `${plan.lab}, stack ${plan.stack}, learner ${plan.learner}, ${plan.expiry ? `expires ${plan.expiry}` : "never expires"}\n`,
    hostTable(plan.hosts),
    addresses,
    `On the engine: ${containers} containers, ${networks} network, ${volumes} volumes; ` +
      `about ${memoryMib} MiB of memory and ${diskMib} MiB of disk.\n`,
    ...leftOut(plan),
  ].join("\n");
}

function leftOut({ images, imageSource }: Plan): string[] {
  if (imageSource === "registry") return [];
  const where = imageSource === "auto" ? "Where no registry can be reached, " : "";
  return withoutRecipe(images).map(({ name, reason }) => `${where}${name} is left out: ${reason}.\n`);
}
