/** Major, minor and patch of a version such as "v3.259.0" or "go1.26.8"; undefined when there is none in the text. */
export function parseVersion(text: string): [number, number, number] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

/** Whether a found version can stand in for the wanted one: of the same major version, and not older. */
export function isUsable(found: string, wanted: string): boolean {
  const has = parseVersion(found);
  const needs = parseVersion(wanted);
  if (!has || !needs) return false;
  const [major, minor, patch] = has;
  return major === needs[0] && (minor > needs[1] || (minor === needs[1] && patch >= needs[2]));
}
