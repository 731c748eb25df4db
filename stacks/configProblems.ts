import { distance } from "fastest-levenshtein";
import type { z } from "zod";
import { withoutPrivateKey } from "../access/publicKey.ts";
import { nearestBlock } from "./block.ts";
import { fromJson, namespace, settingsByPath } from "./settings.ts";
import { VisibleError } from "./visibleError.ts";

/** One thing wrong with a stack's configuration. */
export interface ConfigProblem {
  /** The setting, e.g. "drydock:hosts.memoryMib". */
  path: string;
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

function sentence({ path, received, allowed, fix, line }: ConfigProblem): string {
  return `${path}${line === undefined ? "" : ` (line ${line})`}: received ${received}; allowed: ${allowed}. ${fix}`;
}

/**
 * How to give a setting a value, in words. No `pulumi config set`: it knows no stack that was never up, and without the
 * variables of `drydock env` there is no Pulumi.
 */
export function howToSet(path: string, value: unknown, stack: string): string {
  const [setting, inner] = path.split(".");
  const key = inner === undefined ? `${namespace}:${setting}` : `${inner} of ${namespace}:${setting}`;
  return `set ${key} to ${typeof value === "string" ? value : JSON.stringify(value)} in Pulumi.${stack}.yaml`;
}

const sentenceOf = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;

/** The same as a sentence of its own. */
export const setFix = (path: string, value: unknown, stack: string): string => sentenceOf(howToSet(path, value, stack));

/** What the schema found, as problems. */
export function schemaProblems(issue: z.core.$ZodIssue, value: unknown, stack: string): ConfigProblem[] {
  const keys = issue.path.map(String);
  if (issue.code === "unrecognized_keys" && keys.length <= 1) {
    return issue.keys.map((key) =>
      unknownKey(`${namespace}:${[...keys, key].join(".")}`, valueAt(value, [...keys, key]), stack),
    );
  }
  // What is wrong with one of a list or a map is a fault of the whole.
  const [known = keys] = keys.map((_, more) => keys.slice(0, keys.length - more)).filter(isSetting);
  const path = known.join(".");
  const found = valueAt(value, known);
  const setting = settingsByPath.get(path);
  if (setting === undefined)
    throw new Error(`the schema found fault with ${path}, which is no setting: ${issue.message}`);
  const meant = path === "addresses" && typeof found === "string" ? nearestBlock(found) : undefined;
  const proposal = path === "lab" ? "SLUG" : (meant ?? setting.examples[0]);
  return [problem(path, found, setting.allowed, setFix(path, proposal, stack))];
}

const isSetting = (keys: string[]): boolean => settingsByPath.has(keys.join("."));

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

/** A key, written with or without its namespace, that is no setting. */
export function unknownKey(key: string, value: unknown, stack: string): ConfigProblem {
  const name = key.slice(key.indexOf(":") + 1);
  const known = [...settingsByPath.keys()].filter((path) => parentOf(path) === parentOf(name));
  return {
    path: key,
    received: shown(value),
    allowed: known
      .map((path) => `${namespace}:${path}`)
      .toSorted()
      .join(", "),
    fix: unknownKeyFix(name, known, stack),
  };
}

/** "hosts" of "hosts.memoryMib"; undefined for what is in no map. */
const parentOf = (path: string): string | undefined => (path.includes(".") ? path.split(".")[0] : undefined);

function unknownKeyFix(name: string, known: string[], stack: string): string {
  const setting = settingsByPath.get(name);
  if (setting !== undefined && name.includes(".")) {
    return `Remove it, and ${howToSet(name, setting.examples[0], stack)}.`;
  }
  const meant = nearest(name, known);
  if (meant !== undefined) return `Did you mean ${namespace}:${meant}?`;
  return `Remove it from Pulumi.${stack}.yaml.`;
}

/** A lab that is not in the catalogue. */
export function unknownLab(setting: "lab" | "labs", lab: string, labs: string[], stack: string): ConfigProblem {
  const known = labs.toSorted();
  const meant = nearest(lab, known);
  const question = meant === undefined ? "" : `Did you mean ${meant}? `;
  const proposal = setting === "lab" ? (meant ?? "SLUG") : [meant ?? "SLUG"];
  return problem(setting, lab, `one of ${known.join(", ")}`, `${question}${setFix(setting, proposal, stack)}`);
}

/** An expiry that has passed. */
export function pastExpiry(expiry: string, now: Date, stack: string): ConfigProblem {
  const monthOn = new Date(now.getTime() + 30 * 86_400_000).toISOString().slice(0, 10);
  const fix = sentenceOf(`${howToSet("expiry", monthOn, stack)}, or remove it for never`);
  return problem("expiry", expiry, `a time after ${now.toISOString()}`, fix);
}

const problem = (path: string, value: unknown, allowed: string, fix: string): ConfigProblem => ({
  path: `${namespace}:${path}`,
  received: shown(value),
  allowed,
  fix,
});

const shown = (value: unknown): string => (value === undefined ? "nothing" : withoutPrivateKey(JSON.stringify(value)));

function nearest(word: string, known: string[]): string | undefined {
  const [best] = known
    .map((candidate) => ({ candidate, edits: distance(word, candidate) }))
    .toSorted((a, b) => a.edits - b.edits);
  return best && best.edits * 2 <= Math.max(word.length, best.candidate.length) ? best.candidate : undefined;
}

/** The value at a path, in a tree whose inner objects may be JSON texts, as Pulumi hands them over. */
function valueAt(tree: unknown, [key, ...rest]: string[]): unknown {
  const value = fromJson(tree);
  if (key === undefined) return tree;
  return typeof value === "object" && value !== null ? valueAt(Reflect.get(value, key), rest) : undefined;
}
