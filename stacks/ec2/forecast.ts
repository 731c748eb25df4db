import { priceOf, refuseOver, typesOf, type Price, type Priced, type Rates } from "./price.ts";
import type { Plan } from "../plan.ts";

/** Longest that the price list may take, in milliseconds: without credentials the look for some takes a while. */
const listDeadlineMs = 5_000;

/**
 * What plans of one region cost: by AWS's price list, else by the table of the settings. With neither it is unknown, and
 * `source` says why.
 */
export async function forecastPrice(plans: readonly Priced[], now = new Date()): Promise<Price> {
  const [first] = plans;
  if (first?.ec2 === undefined) return { perHour: 0, untilExpiry: 0, source: "nothing is on EC2" };
  const types = typesOf(plans);
  const { listedRates } = await import("./priceList.ts");
  const listed = await listedRates(first.ec2, types, listDeadlineMs).catch((error: unknown) => error as Error);
  if (!(listed instanceof Error)) return { ...priceOf(plans, listed, now), source: "AWS's price list" };
  const table: Rates = first.ec2.prices ?? {};
  const missing = types.filter((type) => table[type] === undefined);
  if (missing.length === 0) return { ...priceOf(plans, table, now), source: "prices of drydock:ec2" };
  const source = `AWS's price list cannot be had (${listed.message}), and prices of drydock:ec2 has no ${missing.join(", ")}`;
  return { perHour: undefined, untilExpiry: undefined, source };
}

/** Refuses a plan that costs more than its budget. @throws VisibleError; nothing was made then. */
export async function refuseOverBudget(plan: Plan): Promise<void> {
  if (plan.budget === undefined || plan.ec2 === undefined) return;
  refuseOver(plan.budget, await forecastPrice([plan]), plan.stack);
}
