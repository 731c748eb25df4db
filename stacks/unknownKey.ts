import { howToSet, nearest, shown, type ConfigProblem } from "./configProblems.ts";
import { entriesByPath, namespace, settingsByPath } from "./settings.ts";

/** What a class has in the place of a setting of one learner's stack. */
const ofClass: Record<string, string> = { engine: "engines", lab: "labs", learner: "learners" };
const ofLearner = Object.fromEntries(Object.entries(ofClass).map(([one, more]) => [more, one]));

/** Whose settings they are: those of `names`, a class's or one learner's. */
export interface Owner {
  stack: string;
  names: readonly string[];
}

/** A key, written with or without its namespace, that is no setting of theirs. */
export function unknownKey(key: string, value: unknown, { stack, names }: Owner): ConfigProblem {
  const name = key.slice(key.indexOf(":") + 1);
  const parent = parentOf(name);
  const known = parent === undefined ? names : innerKeys(parent).map((inner) => `${parent}.${inner}`);
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

/** A setting of a class among one learner's, or the other way round. */
function othersFix(name: string, known: readonly string[], stack: string): string {
  const isClass = known.includes("learners");
  const counterpart = (isClass ? ofClass : ofLearner)[name];
  const taker = isClass ? "A class" : "A stack of one learner";
  if (counterpart !== undefined) return `${taker} takes ${namespace}:${counterpart} instead.`;
  return `Remove it from Pulumi.${stack}.yaml: ${taker.toLowerCase()} does not take it.`;
}

/** What may stand in a map: "cpus" and so on in "hosts", "ssh" and so on in "machines[2]". */
function innerKeys(parent: string): string[] {
  const prefix = `${parent.replace(/\[\d+\]$/, "[]")}.`;
  const paths = [...settingsByPath.keys(), ...entriesByPath.keys()];
  return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

function unknownKeyFix(name: string, known: readonly string[], stack: string): string {
  const setting = settingsByPath.get(name);
  if (setting !== undefined && name.includes(".")) {
    return `Remove it, and ${howToSet(name, setting.examples[0], stack)}.`;
  }
  if (setting !== undefined && !known.includes(name)) return othersFix(name, known, stack);
  const meant = nearest(name, known);
  if (meant !== undefined) return `Did you mean ${namespace}:${meant}?`;
  return `Remove it from Pulumi.${stack}.yaml.`;
}
