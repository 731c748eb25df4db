import { outerEngineUrl } from "../engine/outerUrl.ts";
import { MachineError } from "./machineError.ts";
import type { State } from "./stateFile.ts";

/**
 * Sees to it that a stack is worked on where it is: on another engine its hosts would seem to be gone.
 * @throws MachineError that names both engines.
 */
export function refuseOtherEngine(stack: string, { engineUrl }: State): void {
  const current = outerEngineUrl();
  if (engineUrl === undefined || engineUrl === current) return;
  throw new MachineError(`Stack ${stack} is on the engine ${engineUrl}, and the current one is ${current}.`, {
    fix: `Run this with DOCKER_HOST=${engineUrl}.`,
  });
}
