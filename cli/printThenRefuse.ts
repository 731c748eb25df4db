import type { Call } from "./command.ts";
import { errorJson, exitCodeOf } from "./errors.ts";
import { exitCode } from "./exitCode.ts";

/**
 * Prints what was found, and then what is wrong with it: in JSON as one document, with the error in it.
 * @throws what `refuse` throws, where a person reads.
 */
export function printThenRefuse(
  { options, print }: Pick<Call, "options" | "print">,
  found: object,
  text: () => string,
  refuse: () => void,
): number {
  try {
    refuse();
  } catch (error) {
    print({ ...found, ...errorJson(error) }, text);
    if (options.json) return exitCodeOf(error);
    throw error;
  }
  print(found, text);
  return exitCode.done;
}
