import type { Say } from "../../setup/step.ts";

/** Nobody listens, nobody interrupts. */
export const quietSay: Say = {
  progress: () => undefined,
  note: () => undefined,
  signal: new AbortController().signal,
};
