import type { Plan } from "../plan.ts";
import { setFix } from "../configProblems.ts";
import { VisibleError } from "../visibleError.ts";

/** USD per hour of a host, its disk and its address included, by its instance type. */
export type Rates = Record<string, number>;

/** What the hosts of plans cost while they run. */
export interface Price {
  /** USD per hour; undefined where it is unknown. */
  perHour: number | undefined;
  /** USD from now until the expiry of each plan; undefined where it is unknown, or there is a plan that never expires. */
  untilExpiry: number | undefined;
  /** Where the rates are from, or why there are none. */
  source: string;
}

/** What one plan of EC2 is priced by. */
export type Priced = Pick<Plan, "ec2" | "expiry">;

/** The instance types of plans. */
export const typesOf = (plans: readonly Priced[]): string[] => [
  ...new Set(plans.flatMap(({ ec2 }) => ec2?.hosts.map(({ instanceType }) => instanceType) ?? [])),
];

const msPerHour = 3_600_000;

/** Adds up what plans cost by rates that know all of their types. */
export function priceOf(plans: readonly Priced[], rates: Rates, now: Date): Omit<Price, "source"> {
  const hourly = plans.map(({ ec2, expiry }) => ({
    perHour: (ec2?.hosts ?? []).reduce((sum, { instanceType }) => sum + (rates[instanceType] ?? 0), 0),
    hours: expiry === undefined ? undefined : Math.max(0, new Date(expiry).getTime() - now.getTime()) / msPerHour,
  }));
  const perHour = hourly.reduce((sum, plan) => sum + plan.perHour, 0);
  const bounded = hourly.every(({ hours }) => hours !== undefined);
  const untilExpiry = hourly.reduce((sum, plan) => sum + plan.perHour * (plan.hours ?? 0), 0);
  return { perHour, untilExpiry: bounded ? untilExpiry : undefined };
}

/** An amount of USD, as people write it. */
export const usd = (amount: number): string => `USD ${amount.toFixed(amount < 1 ? 4 : 2)}`;

/**
 * Holds a price against a budget.
 * @throws VisibleError when it is over it, or nobody can tell: then nothing may be made.
 */
export function refuseOver(budget: number, { perHour, untilExpiry, source }: Price, stack: string): void {
  const refusal = (words: string, fix: string) =>
    new VisibleError(`Stack ${stack} ${words}; its budget is ${usd(budget)}. Nothing was made.`, { fix });
  if (perHour === undefined) {
    const fix = setFix("ec2.prices", { "t3.small": 0.03 }, stack);
    throw refusal(`costs nobody knows how much: ${source}`, `${fix} Or remove drydock:budget.`);
  }
  if (untilExpiry === undefined) {
    const fix = "Set drydock:expiry, so that there is an end to it.";
    throw refusal(`costs ${usd(perHour)} per hour and never expires`, fix);
  }
  if (untilExpiry <= budget) return;
  throw refusal(
    `may cost ${usd(untilExpiry)} until its expiry, at ${usd(perHour)} per hour (${source})`,
    "Bring drydock:expiry nearer, take a cheaper instanceType or fewer hosts, or raise drydock:budget.",
  );
}
