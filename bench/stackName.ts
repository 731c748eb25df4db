import { variants, type VariantName } from "./variant.ts";

/** Name of the stack on which a way to so many hosts is measured: the same in each measurement, so that the next finds it. */
export const stackName = (way: VariantName, hosts: number): string => `bench-${way}-${hosts}`;

const pattern = new RegExp(`^bench-(${Object.keys(variants).join("|")})-[1-9]\\d*$`);

/** Whether a stack is a measurement's. */
export const isMeasured = (stack: string): boolean => pattern.test(stack);
