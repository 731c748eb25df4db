import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { withoutPrivateKey } from "../access/publicKey.ts";
import { namespace, settingsByPath } from "./settings.ts";
import { isOnEngine, targetNames } from "./target.ts";
import { VisibleError } from "./visibleError.ts";

/** One thing wrong with a stack's configuration. */
export interface ConfigProblem {
  /** The setting, e.g. "drydock:hosts.memoryMib"; in a list "drydock:machines[2].ssh", counted from 1. */
  path: string;
  /** Which entry of a list it is, e.g. "entry 2 of 3". */
  entry?: string;
  received: string;
  allowed: string;
  /** A sentence: what to run or to change. */
  fix: string;
  /** Line in the stack's file, where known. */
  line?: number | undefined;
}

/** Everything that is wrong with a stack's configuration, at once. */
export class ConfigError extends VisibleError {
  override readonly name = "ConfigError";
  readonly problems: ConfigProblem[];

  constructor(stack: string, problems: ConfigProblem[]) {
    super(`The configuration of stack ${stack} is wrong:`, { details: problems.map(sentence) });
    this.problems = problems;
  }
}

function sentence({ path, entry, received, allowed, fix, line }: ConfigProblem): string {
  const where = [entry ?? [], line === undefined ? [] : `line ${line}`].flat().join(", ");
  return `${path}${where && ` (${where})`}: received ${received}; allowed: ${allowed}. ${fix}`;
}

/**
 * How to give a setting a value, in words. No `pulumi config set`: it knows no stack that was never up, and without the
 * variables of `drydock env` there is no Pulumi.
 */
export function howToSet(path: string, value: unknown, stack: string): string {
  const {
    setting = path,
    entry,
    inner,
  } = /^(?<setting>[^.[]+)(\[(?<entry>\d+)\])?(\.(?<inner>.+))?$/.exec(path)?.groups ?? {};
  const key = [inner ?? [], entry === undefined ? [] : `entry ${entry}`, `${namespace}:${setting}`].flat().join(" of ");
  return `set ${key} to ${typeof value === "string" ? value : JSON.stringify(value)} in Pulumi.${stack}.yaml`;
}

const sentenceOf = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;

/** The same as a sentence of its own. */
export const setFix = (path: string, value: unknown, stack: string): string => sentenceOf(howToSet(path, value, stack));

/** What a target cannot do without, by the target. */
const neededBy: Record<string, string> = { ec2: "ec2", ssh: "machines" };

/** A target whose own settings are missing. */
export function missingForTarget(own: Record<string, unknown>, stack: string): ConfigProblem[] {
  const path = neededBy[String(own.target)];
  const meta = path === undefined ? undefined : settingsByPath.get(path);
  if (path === undefined || own[path] !== undefined || meta === undefined) return [];
  const allowed = `${meta.allowed}, as drydock:target is ${String(own.target)}`;
  return [problem(path, undefined, allowed, setFix(path, meta.examples[0], stack))];
}

/** Engines for hosts that stand on none. What a class wrote for a learner's stack is not refused: nobody could mend it. */
export function engineWithoutUse(
  path: "engine" | "engines",
  own: Record<string, unknown>,
  stack: string,
): ConfigProblem[] {
  const { data: target = "container" } = z.enum(targetNames).safeParse(own.target);
  if (own[path] === undefined || isOnEngine(target) || own.cohort !== undefined) return [];
  const allowed = `none with drydock:target ${target}: these do not go together, as its hosts stand on no engine`;
  const fix = sentenceOf(`remove it, or ${howToSet("target", "container", stack)}`);
  return [problem(path, own[path], allowed, fix)];
}

/** A lab that is not in the catalogue. */
export function unknownLab(path: string, lab: string, labs: string[], stack: string): ConfigProblem {
  const known = labs.toSorted();
  const meant = nearest(lab, known);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  return problem(path, lab, `one of ${known.join(", ")}`, `${question}${setFix(path, meant ?? "SLUG", stack)}`);
}

/** An expiry that has passed. */
export function pastExpiry(expiry: string, now: Date, stack: string): ConfigProblem {
  const monthOn = new Date(now.getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
  const fix = sentenceOf(`${howToSet("expiry", monthOn, stack)}, or remove it for never`);
  return problem("expiry", expiry, `a time after ${now.toISOString()}`, fix);
}

export const problem = (path: string, value: unknown, allowed: string, fix: string): ConfigProblem => ({
  path: `${namespace}:${path}`,
  received: shown(value),
  allowed,
  fix,
});

/** A value for a message. */
export const shown = (value: unknown): string =>
  value === undefined ? "nothing" : withoutPrivateKey(JSON.stringify(value));

/** The word that was meant, where one is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .toSorted((a, b) => a.edits - b.edits);
  return best && best.edits * 2 <= Math.max(word.length, best.candidate.length) ? best.candidate : undefined;
}
