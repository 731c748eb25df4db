import { howToSet, nearest, shown, type ConfigProblem } from "./configProblems.ts";
import { entriesByPath, namespace, settingsByPath } from "./settings.ts";

/** A key, written with or without its namespace, that is no setting. */
export function unknownKey(key: string, value: unknown, stack: string): ConfigProblem {
  const name = key.slice(key.indexOf(":") + 1);
  const parent = parentOf(name);
  const known =
    parent === undefined
      ? [...settingsByPath.keys()].filter((path) => parentOf(path) === undefined)
      : innerKeys(parent).map((inner) => `${parent}.${inner}`);
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

/** What may stand in a map: "cpus" and so on in "hosts", "ssh" and so on in "machines[2]". */
function innerKeys(parent: string): string[] {
  const prefix = `${parent.replace(/\[\d+\]$/, "[]")}.`;
  const paths = [...settingsByPath.keys(), ...entriesByPath.keys()];
  return paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
}

function unknownKeyFix(name: string, known: string[], stack: string): string {
  const setting = settingsByPath.get(name);
  if (setting !== undefined && name.includes(".")) {
    return `Remove it, and ${howToSet(name, setting.examples[0], stack)}.`;
  }
  const meant = nearest(name, known);
  if (meant !== undefined) return `Did you mean ${namespace}:${meant}?`;
  return `Remove it from Pulumi.${stack}.yaml.`;
}
