import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { recordDigests } from "../../images/digests.ts";
import recorded from "../../images/digests.json" with { type: "json" };
import { catalogue } from "../../images/catalogue.ts";

async function record(
  ...args: Parameters<typeof recordDigests> extends [infer A, infer B, ...unknown[]] ? [A, B] : never
) {
  const folder = await mkdtemp(join(tmpdir(), "drydock-digests-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "digests.json");
  await recordDigests(...args, file);
  return JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
}

test("what a registry answered is recorded; what did not answer keeps its digest; what is no longer asked for goes", async () => {
  const resolved = [
    { upstream: "a:1", digest: "sha256:new" },
    { upstream: "b:1", error: "refused" },
    { upstream: "c:1", error: "refused" },
  ];
  expect(await record(resolved, { "a:1": "sha256:old", "b:1": "sha256:kept", "z:1": "sha256:gone" })).toEqual({
    "a:1": "sha256:new",
    "b:1": "sha256:kept",
  });
});

test("digests are only of images that the catalogue pulls, and look like digests", () => {
  const upstream = Object.values(catalogue).map((image) => image.upstream);
  for (const [reference, digest] of Object.entries(recorded)) {
    expect(upstream).toContain(reference);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  }
});
