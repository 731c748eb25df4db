import { VisibleError } from "./visibleError.ts";

/** The machine or its engine cannot do what was asked, however right the configuration. Exit code 3. */
export class MachineError extends VisibleError {
  override readonly name: string = "MachineError";
}
