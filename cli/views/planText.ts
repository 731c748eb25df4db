import { withoutRecipe } from "../../images/catalogue.ts";
import type { Forecast, Pulls } from "../../stacks/capacity.ts";
import type { Plan } from "../../stacks/plan.ts";
import { table } from "../table.ts";
import { hostTable } from "./hostTable.ts";

/** A plan as its author reads it. */
export function planText(plan: Plan, { memoryMib, diskMib, networks, containers, volumes, pulls }: Forecast): string {
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
      `about ${memoryMib} MiB of memory and ${diskMib} MiB of disk.\n` +
      pullsText(pulls),
    ...leftOut(plan),
  ].join("\n");
}

/** What is pulled where a registry can be reached; nothing where all is bootstrapped. */
export function pullsText({ withMirror, withoutMirror }: Pulls): string {
  if (withoutMirror === 0) return "";
  return `Where a registry can be reached: ${withMirror} images pulled once by the mirror, in place of ${withoutMirror} pulls by the hosts.\n`;
}

function leftOut({ images, imageSource }: Plan): string[] {
  if (imageSource === "registry") return [];
  const where = imageSource === "auto" ? "Where no registry can be reached, " : "";
  return withoutRecipe(images).map(({ name, reason }) => `${where}${name} is left out: ${reason}.\n`);
}
