import { withoutRecipe } from "../../images/catalogue.ts";
import type { Forecast, Pulls } from "../../stacks/capacity.ts";
import type { Ec2Plan } from "../../stacks/ec2/plan.ts";
import { usd, type Price } from "../../stacks/ec2/price.ts";
import type { Plan } from "../../stacks/plan.ts";
import { nameOfLogin, type SshPlan } from "../../stacks/ssh/plan.ts";
import { isOnEngine, type TargetName } from "../../stacks/target.ts";
import { table } from "../table.ts";
import { hostTable } from "./hostTable.ts";

const targetText: Record<TargetName, string> = {
  container: "containers",
  vm: "virtual machines",
  ec2: "EC2 instances",
  ssh: "machines that exist",
};

/** A plan as its author reads it. */
export function planText(plan: Plan, needs: Forecast, price?: Price): string {
  const { swarm, enginePool, registry, ec2, ssh } = plan;
  const addresses = table(
    ["ADDRESSES", "USE"],
    [
      [plan.addresses, "the stack's block"],
      [plan.network.subnet, ssh ? "the smallest range that has all machines" : `lab network ${plan.network.name}`],
      ...(ec2?.subnets ?? []).map(({ cidr, zone }) => [cidr, `subnet in ${zone ?? `a zone of ${ec2?.region}`}`]),
      ...(isOnEngine(plan.target) ? [[registry.address, "registry, the hosts' mirror of Docker Hub"]] : []),
      [enginePool.base, `bridge networks in each host, /${enginePool.size} each`],
      [swarm.overlayBase, `overlay networks, /${swarm.overlaySize} each`],
    ],
  );
  return [
    `${plan.lab} on ${targetText[plan.target]}, stack ${plan.stack}, learner ${plan.learner}, ${plan.expiry ? `expires ${plan.expiry}` : "never expires"}\n`,
    hostTable(plan.hosts),
    addresses,
    placeText(plan, needs, price),
    ...(ec2 ? [] : leftOut(plan)),
  ].join("\n");
}

function placeText(plan: Plan, needs: Forecast, price?: Price): string {
  const { ec2, ssh } = plan;
  if (ssh) return machinesText(ssh, plan);
  return ec2 && price ? ec2Text(ec2, plan, price) : engineText(needs);
}

function machinesText({ machines, installEngine }: SshPlan, { hosts }: Plan): string {
  const rows = machines.map(({ login, address }, index) => [hosts[index]?.name ?? "", nameOfLogin(login), address]);
  const engine = installEngine ? "An engine is installed where there is none" : "Each is to have a Docker engine";
  return `${table(["HOST", "MACHINE", "ADDRESS"], rows)}\n${engine}; \`up\` looks at all of them before it changes one, and \`down\` puts them back as they were.\n`;
}

const engineText = ({ memoryMib, diskMib, networks, containers, volumes, pulls }: Forecast): string =>
  `On the engine: ${containers} containers, ${networks} network, ${volumes} volumes; ` +
  `about ${memoryMib} MiB of memory and ${diskMib} MiB of disk.\n${pullsText(pulls)}`;

/** What is pulled where a registry can be reached; nothing where all is bootstrapped. */
export function pullsText({ withMirror, withoutMirror }: Pulls): string {
  if (withoutMirror === 0) return "";
  return `Where a registry can be reached: ${withMirror} images pulled once by the mirror, in place of ${withoutMirror} pulls by the hosts.\n`;
}

function ec2Text({ region, hosts, diskGib, spot, sshFrom }: Ec2Plan, { budget }: Plan, price: Price): string {
  const types = Map.groupBy(hosts, ({ instanceType }) => instanceType);
  const machines = [...types].map(([type, { length }]) => `${length} ${type}`).join(", ");
  return (
    `On EC2 in ${region}: ${machines}${spot ? ", spot" : ""}, with ${diskGib} GiB of disk each; SSH from ${sshFrom}.\n` +
    `${priceText(price)}${budgetText(budget, price)}\n`
  );
}

/** What hosts on EC2 cost, and how that is known. */
export function priceText({ perHour, untilExpiry, source }: Price): string {
  if (perHour === undefined) return `The price is unknown: ${source}.`;
  const end =
    untilExpiry === undefined ? "without an end, as it never expires" : `${usd(untilExpiry)} until it expires`;
  return `${usd(perHour)} per hour, ${end}; traffic is not in it (${source}).`;
}

/** The budget, and whether it holds the price; nothing where there is none. */
export function budgetText(budget: number | undefined, { untilExpiry }: Price): string {
  if (budget === undefined) return "";
  const holds = untilExpiry !== undefined && untilExpiry <= budget;
  return ` The budget is ${usd(budget)}${holds ? "" : ": \`up\` refuses this"}.`;
}

/** What a plan was made without a look at. */
export const unseenText = (unseen: readonly string[]): string =>
  unseen.map((what) => `Not looked at: ${what}; \`up\` does, and refuses what does not fit.\n`).join("");

function leftOut({ images, imageSource }: Plan): string[] {
  if (imageSource === "registry") return [];
  const where = imageSource === "auto" ? "Where no registry can be reached, " : "";
  return withoutRecipe(images).map(({ name, reason }) => `${where}${name} is left out: ${reason}.\n`);
}
