import { shellExports } from "../setup/environment.ts";

type Variables = Record<string, string>;

const lines = (variables: Variables, line: (name: string, value: string) => string) =>
  Object.entries(variables)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join("");

/** How each shell is told of variables, whatever is in them. */
export const shells = {
  sh: shellExports,
  fish: (variables: Variables) =>
    lines(variables, (name, value) => `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}';`),
  powershell: (variables: Variables) =>
    lines(variables, (name, value) => `$env:${name} = '${value.replaceAll("'", "''")}'`),
};
export type Shell = keyof typeof shells;
