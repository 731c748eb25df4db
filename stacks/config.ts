import { distance } from "fastest-levenshtein";
import { ConfigError, pastExpiry, schemaProblems, unknownKey, unknownLab } from "./configProblems.ts";
import { namespace, settings, type StackConfig } from "./settings.ts";

export { ConfigError, type ConfigProblem } from "./configProblems.ts";
export type { StackConfig } from "./settings.ts";

/** What the configuration is read against. */
export interface ConfigContext {
  stack: string;
  /** Slugs of the known labs. */
  labs: string[];
  /** An expiry before this is refused; by default the current time. What only looks or removes passes `new Date(0)`. */
  now?: Date;
  /** Line of a key such as "drydock:hosts.memoryMib" in the stack's file, for messages: `readStackFile` gives it. */
  lineOf?: (path: string) => number | undefined;
}

/**
 * Reads a stack's settings, defaults filled in.
 *
 * @param raw Keys with their namespace, as `pulumi.runtime.allConfig()` and `readStackFile` give them; those of other
 * namespaces are left alone.
 * @throws ConfigError with all problems.
 */
export function parseConfig(raw: Record<string, unknown>, context: ConfigContext): StackConfig {
  const { stack, labs, now = new Date(), lineOf } = context;
  const prefix = `${namespace}:`;
  const own = Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
  const result = settings.safeParse(own);
  const { data: lab } = settings.shape.lab.safeParse(own.lab);
  const { data: expiry } = settings.shape.expiry.safeParse(own.expiry);
  const problems = [
    ...(result.error?.issues ?? []).flatMap((issue) => schemaProblems(issue, own, stack)),
    ...Object.keys(raw)
      .filter(isMisspelt)
      .map((key) => unknownKey(key, raw[key], stack)),
    ...(lab === undefined || labs.includes(lab) ? [] : [unknownLab(lab, labs, stack)]),
    ...(expiry === undefined || new Date(expiry) >= now ? [] : [pastExpiry(expiry, now, stack)]),
  ];
  if (!result.success || problems.length > 0) {
    throw new ConfigError(
      stack,
      problems.map((problem) => ({ ...problem, line: lineOf?.(problem.path) })),
    );
  }
  return result.data;
}

/** Whether a key has no namespace, or one that looks like ours. */
function isMisspelt(key: string): boolean {
  const [space = "", name] = key.split(":");
  return name === undefined || (space !== namespace && distance(space, namespace) <= 2);
}
