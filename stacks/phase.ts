/** Parts of `drydock up`, by what has ended with them. */
export type Phase = "command" | "set-up" | "machine" | "images" | "stack" | "pulumi" | "outputs";

/** Marks the end of a part on this process's timeline, from which `drydock bench` tells where the time goes. */
export const ended = (phase: Phase): void => void performance.mark(phase);
