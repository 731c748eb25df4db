/** The name of a stack of this run: others on the machine, and what one that was killed left, are in nobody's way. */
export const testStack = (name: string): string => `t7-${name}-${process.pid.toString(36)}`;
