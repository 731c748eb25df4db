import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { expiryScript } from "../../components/hostAccess.ts";

/** What a log-in shell says when so many minutes are left. */
const said = (minutes: number): string => {
  const expiry = new Date(Date.now() + minutes * 60_000 + 5_000).toISOString();
  return execFileSync("sh", ["-euc", `${expiryScript(expiry)}\nset | grep drydock_ || true`], { encoding: "utf8" });
};

test.each([
  [-10, /^This host's time was over at \d{4}-\d\d-\d\d \d\d:\d\d UTC: it may be taken away at any moment/],
  [130, /^This host is taken away in 2 h 10 min, at .* UTC. Save what you need\.\n$/],
  [1_440 * 3, /^This host is taken away at \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n$/],
])("with %i minutes left, a log-in shell says so, and keeps nothing of it", (minutes, words) => {
  expect(said(minutes)).toMatch(words);
});
