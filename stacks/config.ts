import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import {
  ConfigError,
  engineWithoutUse,
  missingForTarget,
  pastExpiry,
  unknownLab,
  type ConfigProblem,
} from "./configProblems.ts";
import { schemaProblems } from "./schemaProblems.ts";
import { unknownKey } from "./unknownKey.ts";
import { fromJson } from "./setting.ts";
import { cohortSettings, namespace, settings, type CohortConfig, type StackConfig } from "./settings.ts";

export { ConfigError, type ConfigProblem } from "./configProblems.ts";
export type { CohortConfig, StackConfig } from "./settings.ts";

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
  const { labs, stack } = context;
  const own = ownSettings(raw);
  const { data: lab } = settings.shape.lab.safeParse(own.lab);
  const unknown = lab === undefined || labs.includes(lab) ? [] : [unknownLab("lab", lab, labs, stack)];
  return checked(
    settings,
    raw,
    [...unknown, ...missingForTarget(own, stack), ...engineWithoutUse("engine", own, stack)],
    context,
  );
}

/** Reads a cohort's settings, in the same way. */
export function parseCohortConfig(raw: Record<string, unknown>, context: ConfigContext): CohortConfig {
  const { labs: known, stack } = context;
  const own = ownSettings(raw);
  const given = fromJson(own.labs);
  const labs: unknown[] = Array.isArray(given) ? given : [];
  const unknown = labs.flatMap((given, index) => {
    const { data: lab } = settings.shape.lab.safeParse(given);
    if (lab === undefined || known.includes(lab)) return [];
    const entry = `entry ${index + 1} of ${labs.length}`;
    return [{ ...unknownLab(`labs[${index + 1}]`, lab, known, stack), entry }];
  });
  return checked(
    cohortSettings,
    raw,
    [...unknown, ...missingForTarget(own, stack), ...engineWithoutUse("engines", own, stack)],
    context,
  );
}

/** Whether settings are a cohort's rather than one learner's. */
export const isCohort = (raw: Record<string, unknown>): boolean => `${namespace}:learners` in raw;

function ownSettings(raw: Record<string, unknown>): Record<string, unknown> {
  const prefix = `${namespace}:`;
  return Object.fromEntries(
    Object.entries(raw)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

function checked<Config>(
  schema: z.ZodType<Config> & { shape: object },
  raw: Record<string, unknown>,
  more: ConfigProblem[],
  { stack, now = new Date(), lineOf }: ConfigContext,
): Config {
  const own = ownSettings(raw);
  const result = schema.safeParse(own);
  const { data: expiry } = settings.shape.expiry.safeParse(own.expiry);
  const owner = { stack, names: Object.keys(schema.shape) };
  const problems = [
    ...schemaProblems(result.error?.issues ?? [], own, owner),
    ...Object.keys(raw)
      .filter(isMisspelt)
      .map((key) => unknownKey(key, raw[key], owner)),
    ...more,
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
