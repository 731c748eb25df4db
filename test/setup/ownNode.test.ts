import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { scratchFolder, script } from "./scratch.ts";

const ownNode = join(import.meta.dirname, "..", "..", "setup", "ownNode.mjs");
let folder: string;
let home: string;
const npm = (body: string) => script(join(folder, "bin", "npm"), body);

beforeEach(() => {
  folder = scratchFolder();
  home = join(folder, "the home");
});

/** Has a too old Node.js, which npm may replace, run Drydock. */
function runOnOwnNode(...args: string[]) {
  const program = `await (await import(${JSON.stringify(ownNode)})).runOnOwnNode()`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", program, "bootstrap", ...args], {
    env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, DRYDOCK_HOME: home },
    encoding: "utf8",
  });
}

test("the Node.js that npm carries is installed once, and Drydock and its launcher run on it", () => {
  npm(`mkdir -p node_modules/node-any/bin; printf '#!/bin/sh\\necho "new $2"; exit 7' > node_modules/node-any/bin/node
       chmod +x node_modules/node-any/bin/node; [ -f package-lock.json ]`);
  const first = runOnOwnNode("list");
  expect(first).toMatchObject({ status: 7, stdout: "new list\n" });
  expect(first.stderr).toMatch(/is too old: installing a newer one from npm/);
  npm("exit 1");
  expect(runOnOwnNode("audit")).toMatchObject({ status: 7, stdout: "new audit\n", stderr: "" });
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(spawnSync(join(home, "node", "bin", "node"), ["", "x"], { encoding: "utf8" }).stdout).toBe("new x\n");
});

test("an npm that fails is quoted without a stack trace, with what to do, and leaves nothing", () => {
  npm("mkdir -p node_modules/half; echo 'npm error 503 from the proxy' >&2; exit 1");
  const { status, stderr } = runOnOwnNode();
  expect(status).toBe(3);
  expect(stderr).toMatch(/could not be installed\n {2}- tried `npm ci`[\s\S]*503 from the proxy\n.*nodejs\.org/);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(readdirSync(join(home, "node"))).toEqual([]);
});

test("a platform that npm carries no Node.js for is named", () => {
  npm("mkdir node_modules");
  expect(runOnOwnNode().stderr).toContain(`npm has none for ${process.platform} on ${process.arch}`);
});
