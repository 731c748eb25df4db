import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout } from "../../stacks/home.ts";
import { scratchFolder, script } from "./scratch.ts";

/** A checkout with nothing but the launcher and a bootstrap that says what it was given. */
function bareCheckout(): string {
  const folder = scratchFolder();
  copyFileSync(join(checkout, "drydock"), join(folder, "drydock"));
  mkdirSync(join(folder, "setup"));
  return folder;
}

test("without any Node.js the launcher says what to install and where from", () => {
  const folder = bareCheckout();
  mkdirSync(join(folder, "bin"));
  for (const tool of ["dirname", "cat"])
    symlinkSync(
      execFileSync("/bin/sh", ["-c", `command -v ${tool}`], { encoding: "utf8" }).trim(),
      join(folder, "bin", tool),
    );
  const { status, stderr } = spawnSync(join(folder, "drydock"), ["list"], {
    env: { PATH: join(folder, "bin"), DRYDOCK_HOME: join(folder, "none") },
    encoding: "utf8",
  });
  expect(status).toBe(3);
  expect(stderr).toMatch(/Install Node\.js 24 or newer from https:\/\/nodejs\.org/);
});

test("the launcher starts the home's own Node.js, from any folder, with the arguments as they are", () => {
  const folder = bareCheckout();
  script(join(folder, "home", "node", "bin", "node"), 'printf "[%s]" "$@"; exit 42');
  const { status, stdout } = spawnSync(join(folder, "drydock"), ["exec", "two words", "$HOME"], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", DRYDOCK_HOME: join(folder, "home") },
    encoding: "utf8",
  });
  expect(stdout).toBe(`[${folder}/setup/bootstrap.mjs][exec][two words][$HOME]`);
  expect(status).toBe(42);
});

test("the launcher finds its checkout through links, and in a folder with spaces", () => {
  const folder = bareCheckout();
  const odd = join(scratchFolder(), "C# course's labs");
  mkdirSync(odd);
  script(join(folder, "home", "node", "bin", "node"), 'printf "[%s]" "$@"');
  symlinkSync(join(folder, "drydock"), join(odd, "absolute"));
  symlinkSync("absolute", join(odd, "relative"));
  const env = { PATH: `${odd}:/usr/bin:/bin`, DRYDOCK_HOME: join(folder, "home") };
  expect(execFileSync("relative", ["list"], { cwd: "/", env, encoding: "utf8" })).toBe(
    `[${folder}/setup/bootstrap.mjs][list]`,
  );
});

test("CI runs the README's test command, with nothing to read", () => {
  const folder = scratchFolder();
  mkdirSync(join(folder, ".ci"));
  copyFileSync(join(checkout, ".ci", "run"), join(folder, ".ci", "run"));
  script(join(folder, "drydock"), 'echo "CI=$CI ./drydock $*; read: $(cat)"; exit 7');
  const { status, stdout } = spawnSync(join(folder, ".ci", "run"), { cwd: "/", input: "something", encoding: "utf8" });
  expect(stdout).toBe("CI=true ./drydock test; read: \n");
  expect(status).toBe(7);
  expect(readFileSync(join(checkout, "README.md"), "utf8")).toContain("./drydock test");
});
