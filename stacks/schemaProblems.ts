import type { z } from "zod";
import { nearestBlock } from "./block.ts";
import { problem, setFix, type ConfigProblem } from "./configProblems.ts";
import { fromJson, type Reason } from "./setting.ts";
import { entriesByPath, namespace, settingsByPath } from "./settings.ts";
import { unknownKey, type Owner } from "./unknownKey.ts";

type Keys = readonly PropertyKey[];

/** What the schema found, as problems: one for each place, though it may have found several faults there. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], value: unknown, owner: Owner): ConfigProblem[] {
  const problems = issues.flatMap(meant).flatMap((issue) => problemsOf(issue, value, owner));
  return problems.filter(({ path }, index) => problems.findIndex((one) => one.path === path) === index);
}

/** Of a value that may be of several kinds, what is wrong with it as the kind that it is of. */
function meant(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union") return [issue];
  const isOfKind = (faults: z.core.$ZodIssue[]) =>
    !faults.some(({ code, path }) => code === "invalid_type" && path.length === 0);
  const faults = issue.errors.find(isOfKind);
  return faults?.map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] })).flatMap(meant) ?? [issue];
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown, owner: Owner): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const keys = [...issue.path, key];
      return { ...unknownKey(`${namespace}:${pathOf(keys)}`, valueAt(value, keys), owner), ...entryOf(keys, value) };
    });
  }
  // What is wrong deeper than settings are told of is a fault of the whole.
  const [keys = issue.path] = issue.path
    .map((_, more) => issue.path.slice(0, issue.path.length - more))
    .filter((some) => settingOf(some) !== undefined);
  const setting = settingOf(keys);
  const path = pathOf(keys);
  if (setting === undefined)
    throw new Error(`the schema found fault with ${path}, which is no setting: ${issue.message}`);
  const found = valueAt(value, keys);
  const block = path === "addresses" && typeof found === "string" ? nearestBlock(found) : undefined;
  const proposal = path === "lab" ? "SLUG" : (block ?? setting.examples[0]);
  const { allowed = setting.allowed, fix = setFix(path, proposal, owner.stack) } = reasonOf(issue);
  return [{ ...problem(path, found, allowed, fix), ...entryOf(keys, value) }];
}

/** What a check of our own says. */
const reasonOf = (issue: z.core.$ZodIssue): Partial<Reason> =>
  issue.code === "custom" ? ((issue.params as Reason | undefined) ?? {}) : {};

/** "machines[2].ssh" of ["machines", 1, "ssh"]. */
const pathOf = (keys: Keys): string => pathWith(keys, (index) => `[${index + 1}]`);

const settingOf = (keys: Keys) => {
  const path = pathWith(keys, () => "[]");
  return settingsByPath.get(path) ?? entriesByPath.get(path);
};

const pathWith = (keys: Keys, entry: (index: number) => string): string =>
  keys
    .map((key) => (typeof key === "number" ? entry(key) : `.${String(key)}`))
    .join("")
    .slice(1);

/** Which entry of a list keys lead into. */
function entryOf(keys: Keys, value: unknown): Pick<ConfigProblem, "entry"> {
  const at = keys.findIndex((key) => typeof key === "number");
  const list = fromJson(valueAt(value, keys.slice(0, at)));
  return at > 0 && Array.isArray(list) ? { entry: `entry ${Number(keys[at]) + 1} of ${list.length}` } : {};
}

/** The value at a path, in a tree whose inner objects may be JSON texts, as Pulumi hands them over. */
function valueAt(tree: unknown, [key, ...rest]: Keys): unknown {
  const value = fromJson(tree);
  if (key === undefined) return tree;
  return typeof value === "object" && value !== null ? valueAt(Reflect.get(value, key), rest) : undefined;
}
