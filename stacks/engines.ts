import { isRemote } from "../engine/remoteMachine.ts";
import { outerEngineUrl } from "../engine/outerUrl.ts";
import { project } from "./project.ts";
import { configuredEngines } from "./sameEngine.ts";
import { tracedStacks } from "./stackFiles.ts";
import { readState } from "./stateFile.ts";

/** URLs of the engines that stacks of this home may stand on: the local one first, then those of their states and settings. */
export async function knownEngines(): Promise<string[]> {
  const found = await Promise.all(
    (await tracedStacks()).map(async (stack) => {
      const recorded = (await readState(project, stack).catch(() => undefined))?.engineUrl;
      return [
        ...(recorded === undefined || !isRemote(recorded) ? [] : [recorded]),
        ...(await configuredEngines(stack)),
      ];
    }),
  );
  return [...new Set([outerEngineUrl(), ...found.flat().toSorted()])];
}
