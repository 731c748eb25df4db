import { createHash } from "node:crypto";

/** Longest host name of a lab, so that a container's name with the longest prefix is a hostname (63 characters). */
export const maxHostName = 24;
const maxStackPart = 30;
const hashLength = 8;

/** What a host or a stack may be called to be used as it is: a DNS label in lower case. */
const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

export const isHostName = (name: string): boolean => label.test(name) && name.length <= maxHostName;

/**
 * Start of every name of a stack on the engine: "drydock-dev" for stack dev. A stack name that is too long, or is no
 * DNS label, is normalised and ends in "--" and a hash; "--" is in no other prefix, so two stacks never share one.
 */
export function stackPrefix(stack: string): string {
  const regular = label.test(stack) && stack.length <= maxStackPart && !stack.includes("--");
  return `drydock-${regular ? stack : normalised(stack)}`;
}

function normalised(stack: string): string {
  const hash = createHash("sha256").update(stack).digest("hex").slice(0, hashLength);
  const readable = stack
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, maxStackPart - hashLength - 2)
    .replaceAll(/^-|-$/g, "");
  return `${readable || "stack"}--${hash}`;
}
