import { variants, type VariantName } from "./variant.ts";

/** Name of the stack on which a way to so many hosts, to the components or to a class is measured: always the same, so that the next measurement finds it. */
export const stackName = (way: VariantName, what: number | "components" | "cohort"): string => `bench-${way}-${what}`;

const pattern = new RegExp(`^bench-(${Object.keys(variants).join("|")})-([1-9]\\d*|components|cohort(-.+)?)$`);

/** Whether a stack is a measurement's. */
export const isMeasured = (stack: string): boolean => pattern.test(stack);
