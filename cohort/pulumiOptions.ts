import { availableParallelism } from "node:os";

/** Stacks that are worked on at once: each keeps a core busy. */
export const atOnce = availableParallelism();

/**
 * How Pulumi works on a cohort, as options of `pulumi up`: it sees what was lost of the learners' stacks, and one that fails
 * leaves the others. With `parallel` as a variable of the environment Pulumi 3.259 does not start.
 */
export const pulumiOptions = { refresh: "true", "continue-on-error": "true" } as const;
