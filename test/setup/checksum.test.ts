import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publishedChecksum, verifyChecksum } from "../../setup/checksum.ts";
import { scratchFolder } from "./scratch.ts";

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("hex");

describe("the published list", () => {
  const sha1 = digest("sha1", "plugin");
  const sha256 = digest("sha256", "cli");
  const list = `${sha256}  pulumi-v3.tar.gz\n${sha1}  ./pulumi-resource-docker-v5.tar.gz\nabc  short.tar.gz\n`;

  test("is read as sha256sum and as shasum with a path print it", () => {
    expect(publishedChecksum(list, "pulumi-v3.tar.gz")).toBe(sha256);
    expect(publishedChecksum(list, "pulumi-resource-docker-v5.tar.gz")).toBe(sha1);
  });

  test("has no answer for a file it does not name, nor for a checksum of no known kind", () => {
    expect(publishedChecksum(list, "v3.tar.gz")).toBeUndefined();
    expect(publishedChecksum(list, "short.tar.gz")).toBeUndefined();
  });
});

describe("a downloaded file", () => {
  test.each(["sha1", "sha256", "sha512"])("with the published %s is taken", async (algorithm) => {
    const file = join(scratchFolder(), "tool.tar.gz");
    writeFileSync(file, "as published");
    await verifyChecksum(file, digest(algorithm, "as published"), "https://example.test/tool.tar.gz");
    expect(existsSync(file)).toBe(true);
  });

  test("that was tampered with is refused and removed", async () => {
    const file = join(scratchFolder(), "tool.tar.gz");
    const published = digest("sha256", "as published");
    writeFileSync(file, "as published, and a little more");
    const verified = verifyChecksum(file, published, "https://example.test/tool.tar.gz");
    await expect(verified).rejects.toThrow(/tool\.tar\.gz .*refused/);
    await expect(verified).rejects.toThrow(published);
    await expect(verified).rejects.toThrow("https://example.test/tool.tar.gz");
    expect(existsSync(file)).toBe(false);
  });
});
