import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shells } from "../../cli/shells.ts";

test("a shell that evaluates the lines has exactly those variables, and not those that are unset", () => {
  const variables = { HOME_OF_OURS: "/srv/the learner's home/$HOME `id`", PULUMI_STACK: "dev", INHERITED: null };
  const program = `${shells.sh(variables)}env -0`;
  const env = { PATH: "/usr/bin:/bin", INHERITED: "x" };
  const output = execFileSync("/bin/sh", ["-euc", program], { env, encoding: "utf8" });
  const seen = new Map(
    output.split("\0").map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  expect(seen.get("HOME_OF_OURS")).toBe(variables.HOME_OF_OURS);
  expect(seen.get("PULUMI_STACK")).toBe("dev");
  expect(seen.has("INHERITED")).toBe(false);
});

test("fish and PowerShell unset in their own words", () => {
  expect(shells.fish({ A: null })).toBe("set -e A;\n");
  expect(shells.powershell({ A: null })).toBe("$env:A = $null\n");
});
