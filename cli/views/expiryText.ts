import { timeLeft } from "../../stacks/expiry.ts";
import type { Terminal } from "../terminal.ts";

/** When a stack expires, with a warning when that is near or past. */
export function expiryText(expiry: string, paint: Terminal["paint"], now = new Date()): string {
  const { when, words } = timeLeft(expiry, now);
  if (when === "past") return paint("red", `expired ${words} ago, at ${expiry}: it may be removed`);
  return when === "soon" ? paint("yellow", `expires in ${words}, at ${expiry}`) : `expires ${expiry}`;
}
