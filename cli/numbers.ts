import { InvalidArgumentError } from "commander";

/** An option's value as a whole number above zero. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("A whole number from 1 is asked for.");
  return Number(text);
}

/** "1 stack", "2 stacks". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
