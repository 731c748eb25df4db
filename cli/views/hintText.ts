import type { Step } from "../../labs/guide.ts";
import type { FailedCheck } from "../nextStep.ts";
import type { Terminal } from "../terminal.ts";

/** What `hint` was asked for. */
export interface Asked {
  /** Whether the step was named, so that its checks were not run. */
  named: boolean;
  /** How many of the guide's hints to give. */
  count: number;
  /** The options that choose the stack, as they are typed: " --stack class", or nothing. */
  onStack: string;
}

/** What a step's checks saw and advise, the guide's first hints for it, and the way to more. */
export function hintText(
  step: Step,
  failed: readonly FailedCheck[],
  { named, count, onStack }: Asked,
  paint: Terminal["paint"],
): string {
  const { number, title, hints } = step;
  const given = hints.slice(0, count);
  const more = hints.length - given.length;
  const again = named ? `./drydock hint ${number}` : "./drydock hint";
  return [
    paint("bold", `Step ${number}: ${title}`),
    ...failed.map((check) => `${paint("red", "✖")} ${check.title}\n  ${check.evidence}\n  hint: ${check.hint}`),
    ...given,
    ...(given.length + failed.length === 0 ? ["There is no hint for this step."] : []),
    more > 0
      ? `${more} more: ${again} --count ${given.length + 1}${onStack}`
      : `The solution does it for you: ./drydock solve --from ${number} --to ${number}${onStack}`,
    "",
  ].join("\n\n");
}
