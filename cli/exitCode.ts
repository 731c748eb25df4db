/** What a command's exit tells a script. `exec` alone passes its command's own code through. */
export const exitCode = {
  done: 0,
  /** Checks or tests failed, or the audit found something left. */
  found: 1,
  /** Bad input: arguments, options, configuration, or a stack that is not up. */
  badInput: 2,
  /** The machine cannot, or Drydock itself failed. */
  machine: 3,
  /** Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const;
