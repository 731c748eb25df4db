import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { canInstallPackages, installPackages } from "../../setup/systemPackages.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder, script } from "./scratch.ts";

const debian = 'PRETTY_NAME="Debian GNU/Linux 13"\nID=debian\n';

test.each([
  ["root on Debian", 0, debian, true],
  ["root on Ubuntu", 0, "ID=ubuntu\nID_LIKE=debian\n", true],
  ["root on a derivative", 0, 'ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
  ["root on Fedora", 0, 'ID=fedora\nHOME_URL="https://example.test/debian"\n', false],
  ["root on a system that does not say what it is", 0, undefined, false],
  ["another user on Debian", 1000, debian, false],
])("%s may have packages installed", (_name, user, release, allowed) => {
  const file = join(scratchFolder(), "os-release");
  if (release !== undefined) writeFileSync(file, release);
  vi.spyOn(process, "getuid").mockReturnValue(user);
  expect(canInstallPackages(file)).toBe(allowed);
});

/** An apt-get that does what the script says, in a folder of its own. */
function aptGet(body: string): string {
  const folder = scratchFolder();
  script(join(folder, "apt-get"), `cd ${folder}; echo "$*" >> runs; ${body}`);
  vi.stubEnv("PATH", `${folder}:/usr/bin:/bin`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return join(folder, "runs");
}

test("another apt-get that holds a lock is waited for", async () => {
  const runs = aptGet(
    "[ $(wc -l < runs) -gt 1 ] || { echo 'E: Could not get lock /var/lib/apt/lists/lock' >&2; exit 100; }",
  );
  await installPackages(["docker.io"], quietSay);
  expect(readFileSync(runs, "utf8").trim().split("\n")).toEqual([
    expect.stringMatching(/update$/),
    expect.stringMatching(/update$/),
    expect.stringMatching(/install --yes docker\.io$/),
  ]);
});

test("an apt-get that fails is quoted with the command to run by hand", async () => {
  aptGet("echo 'E: Unable to fetch some archives: 503' >&2; exit 100");
  await expect(installPackages(["docker.io"], quietSay)).rejects.toThrow(
    /`apt-get update` failed\n.*Unable to fetch some archives: 503\n.*by hand/,
  );
});
