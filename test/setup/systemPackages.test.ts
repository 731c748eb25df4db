import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { canInstallPackages } from "../../setup/systemPackages.ts";
import { scratchFolder } from "./scratch.ts";

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
