import { openStack, type Stack } from "../stacks/stack.ts";

/** Opens a stack for what only looks at it or uses it: an expiry that is past is no matter then. */
export const openToLook = (name: string): Promise<Stack> => openStack(name, new Date(0));
