import { mkdtempSync, rmSync, statSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { homeLabel, isGone } from "../../stacks/home.ts";
import { isOurs } from "../../stacks/inventory.ts";
import { label } from "../../stacks/labels.ts";

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "drydock-home-"));
  vi.stubEnv("DRYDOCK_HOME", home);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

test("a home's label is the same for its life, and another after it was deleted", () => {
  const first = homeLabel();
  expect(first).toMatch(new RegExp(`^${hostname()}:${home}#[0-9a-f]{8}$`));
  expect(homeLabel()).toBe(first);
  expect(statSync(join(home, "owner")).mode & 0o777).toBe(0o600);
  rmSync(join(home, "owner"));
  expect(homeLabel()).not.toBe(first);
});

test("ours to remove is what our home made, before it was deleted too, and what a home that is gone made", () => {
  const gone = join(home, "gone");
  const id = /#.*/.exec(homeLabel())?.[0] ?? "";
  expect(isOurs({ [label.home]: homeLabel() })).toBe(true);
  expect(isOurs({ [label.home]: `${hostname()}:${home}#00000000` })).toBe(true);
  expect(isOurs({ [label.home]: `its-former-name:${home}${id}` })).toBe(true);
  expect(isOurs({ [label.home]: `${hostname()}:${gone}#00000000` })).toBe(true);
  expect(isOurs({ [label.home]: `another-machine:${home}#00000000` })).toBe(false);
  expect(isOurs({ [label.home]: `another-machine:${gone}#00000000` })).toBe(false);
  expect(isOurs({})).toBe(false);
});

test("a home that may not be looked into is not gone", () => {
  expect(isGone(join(home, "gone"))).toBe(true);
  expect(isGone(join(home, "owner", "below a file"))).toBe(true);
  // A refusal that root gets too, whom no mode keeps out.
  expect(isGone(join(home, "n".repeat(300)))).toBe(false);
  expect(isGone(home)).toBe(false);
});
