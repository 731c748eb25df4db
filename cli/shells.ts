import type { Variables } from "./stackEnvironment.ts";

const lines = (variables: Variables, set: (name: string, value: string) => string, unset: (name: string) => string) =>
  Object.entries(variables)
    .map(([name, value]) => `${value === null ? unset(name) : set(name, value)}\n`)
    .join("");

/** How each shell is told of variables, whatever is in them. */
export const shells = {
  sh: (variables: Variables) =>
    lines(
      variables,
      (name, value) => `export ${name}='${value.replaceAll("'", `'\\''`)}'`,
      (name) => `unset ${name}`,
    ),
  fish: (variables: Variables) =>
    lines(
      variables,
      (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}';`,
      (name) => `set -e ${name};`,
    ),
  powershell: (variables: Variables) =>
    lines(
      variables,
      (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`,
      (name) => `$env:${name} = $null`,
    ),
};
export type Shell = keyof typeof shells;
