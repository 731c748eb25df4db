import { Command } from "commander";
import { expect, test } from "vitest";
import { stackOption } from "../../cli/stackOption.ts";

const parse = (args: string[], environment: Record<string, string> = {}) => {
  for (const [name, value] of Object.entries(environment)) process.env[name] = value;
  try {
    const command = new Command("down").exitOverride().configureOutput({ writeErr: () => undefined });
    return command.addOption(stackOption(environment)).parse(args, { from: "user" }).opts<{ stack: string }>().stack;
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  }
};

test("the command line's stack, else the shell's, else dev", () => {
  expect(parse(["--stack", "class-7.b_2"], { DRYDOCK_STACK: "other" })).toBe("class-7.b_2");
  expect(parse([], { DRYDOCK_STACK: "other" })).toBe("other");
  expect(parse([])).toBe("dev");
});

test("a variable that is set to nothing is not set", () => {
  expect(parse([], { DRYDOCK_STACK: "" })).toBe("dev");
});

test.each(["..", ".", "", "a/b", "../../home", "a b", "x".repeat(101)])(
  "%j would lead out of the stack's folder, or is no name: refused before anything is removed",
  (name) => {
    expect(() => parse(["--stack", name])).toThrow(/stack's name has 1 to 100/);
    if (name !== "") expect(() => parse([], { DRYDOCK_STACK: name })).toThrow(/stack's name has 1 to 100/);
  },
);
