import { spawnSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import ssh2 from "ssh2";
import { expect, test } from "vitest";
import { sshKey } from "../../provider/resources/sshKey.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

test("no two keys are the same, and every one is whole", async () => {
  // 1 pair in 256 comes malformed from ssh2, so 600 would show one nine times in ten.
  const pairs = await Promise.all(Array.from({ length: 600 }, () => sshKey.create({ comment: "drydock-dev" })));

  for (const { outputs } of pairs) {
    const parsed = ssh2.utils.parseKey(outputs.privateKey);
    if (parsed instanceof Error) throw parsed;
    expect(outputs.publicKey).toBe(`ssh-ed25519 ${parsed.getPublicSSH().toString("base64")}`);
  }
  expect(new Set(pairs.map(({ outputs }) => outputs.publicKey)).size).toBe(600);
});

test("the private half is a secret", () => {
  expect(sshKey.secretOutputs).toEqual(["privateKey"]);
});

test.skipIf(spawnSync("ssh-keygen", ["--help"]).error)("OpenSSH takes it", async () => {
  const { outputs } = await sshKey.create({ comment: "drydock-dev" });
  const file = join(await temporaryFolder(), "key");
  await writeFile(file, outputs.privateKey, { mode: 0o600 });

  const { stdout, stderr } = spawnSync("ssh-keygen", ["-y", "-f", file], { encoding: "utf8" });

  expect(stderr).toBe("");
  expect(stdout.trim().split(" ").slice(0, 2).join(" ")).toBe(outputs.publicKey);
});
