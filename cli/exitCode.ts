/** What a command's exit tells a script. `exec` alone passes its command's own code through. */
export const exitCode = {
  done: 0,
  /** Checks failed, or the audit found something left. */
  found: 1,
  /** Bad input: arguments, options, configuration. */
  badInput: 2,
  /** The machine cannot, or Drydock itself failed. */
  machine: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;
