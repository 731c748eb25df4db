import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { checkout } from "../../stacks/home.ts";

const drydock = `'${process.execPath}' '${join(checkout, "cli", "main.ts")}'`;
const shell = async (line: string) => (await execa("bash", ["-c", line], { all: true })).all;

test("a command whose output nobody reads ends without a word, as other tools do", async () => {
  expect(await shell(`${drydock} list | true; echo "exit \${PIPESTATUS[0]}"`)).toBe("exit 141");
});

test("errors that nobody reads do not change what it exits with", async () => {
  expect(await shell(`{ ${drydock} lits; echo "exit $?" >&3; } 3>&1 2>&1 1>/dev/null | true`)).toBe("");
  expect(await shell(`{ { ${drydock} lits; echo "exit $?" >&3; } 2>&1 >/dev/null | true; } 3>&1`)).toBe("exit 2");
});
