import { MachineError } from "./machineError.ts";

/** A Pulumi command that did not end well. */
export class PulumiError extends MachineError {
  override readonly name: string = "PulumiError";
  readonly interrupted: boolean;

  /** @param takesAway The command that takes everything away, which is told as what to do next. */
  constructor(
    command: string,
    stack: string,
    problems: string[],
    interrupted: boolean,
    takesAway = `./drydock down --stack ${stack}`,
  ) {
    super(interrupted ? `pulumi ${command} was interrupted.` : `pulumi ${command} failed.`, {
      details: problems,
      fix: `Run the same command again: it goes on from where this one ended. \`${takesAway}\` takes everything away.`,
    });
    this.interrupted = interrupted;
  }
}
