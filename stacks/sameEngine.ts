import { isRemote } from "../engine/remoteMachine.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { MachineError } from "./machineError.ts";
import { cohortSettings, settings } from "./settings.ts";
import { settingsText } from "./stack.ts";
import { readStackFile } from "./stackFile.ts";
import type { State } from "./stateFile.ts";
import { VisibleError } from "./visibleError.ts";

/**
 * Sees to it that a stack is worked on where it is: on another engine its hosts would seem to be gone.
 * @param wanted URL of the engine that the stack's settings put it on.
 * @throws MachineError that names both engines.
 */
export function refuseOtherEngine(stack: string, { engineUrl }: Pick<State, "engineUrl">, wanted: string): void {
  if (engineUrl === undefined || engineUrl === wanted) return;
  const isMove = isRemote(engineUrl) || isRemote(wanted);
  throw new MachineError(`Stack ${stack} is on the engine ${engineUrl}, and the current one is ${wanted}.`, {
    fix: isMove
      ? `A stack moves only when it was taken down: run ./drydock down --stack ${stack}, which goes where it stands, and this again. Or name ${engineUrl} as its engine, and it stays.`
      : `Run this with DOCKER_HOST=${engineUrl}.`,
  });
}

/**
 * URL of the engine that a stack stands on, with or without state and settings: that of its state, else that of its
 * settings, else the local one.
 * @throws MachineError when it is on a local engine other than the current one.
 */
export async function engineOf(stack: string, state: Pick<State, "engineUrl"> | undefined): Promise<string> {
  const recorded = state?.engineUrl;
  if (recorded !== undefined && isRemote(recorded)) return recorded;
  if (recorded === undefined) return (await configuredEngine(stack)) ?? outerEngineUrl();
  const local = outerEngineUrl();
  refuseOtherEngine(stack, { engineUrl: recorded }, local);
  return local;
}

/** The engine on another machine that a stack's settings name; undefined where they name none, or cannot be read. */
export const configuredEngine = async (stack: string): Promise<string | undefined> =>
  settings.shape.engine.safeParse((await rawSettings(stack))["drydock:engine"]).data;

/** The engines on other machines that a stack's settings name, those of a cohort's learners included. */
export async function configuredEngines(stack: string): Promise<string[]> {
  const { "drydock:engines": given } = await rawSettings(stack);
  const { data: engines = [] } = cohortSettings.shape.engines.safeParse(given);
  return [(await configuredEngine(stack)) ?? [], engines].flat();
}

async function rawSettings(stack: string): Promise<Record<string, unknown>> {
  const text = await settingsText(stack);
  if (text === undefined) return {};
  try {
    return readStackFile(text, `Pulumi.${stack}.yaml`).raw;
  } catch (error) {
    if (error instanceof VisibleError) return {};
    throw error;
  }
}
