import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isPublicKey, withoutPrivateKey } from "../../access/publicKey.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

async function keysOf(...args: string[]): Promise<{ publicKey: string; privateKey: string }> {
  const file = join(await temporaryFolder(), "id");
  const { status, stderr } = spawnSync("ssh-keygen", ["-q", "-N", "", "-f", file, ...args], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  return { publicKey: readFileSync(`${file}.pub`, "utf8").trim(), privateKey: readFileSync(file, "utf8") };
}

test.each([
  ["-t", "ed25519", "-C", "ada@laptop, the one of work"],
  ["-t", "ed25519", "-C", ""],
  ["-t", "rsa", "-b", "2048"],
  ["-t", "ecdsa", "-b", "256"],
  ["-t", "ecdsa", "-b", "521"],
])("takes what ssh-keygen writes: %s %s %s %s", async (...args) => {
  const { publicKey } = await keysOf(...args.filter((arg) => arg !== ""), ...(args.includes("") ? [""] : []));
  expect(isPublicKey(publicKey)).toBe(true);
});

test.each([
  ["nothing", () => ""],
  ["a type alone", () => "ssh-ed25519"],
  ["a key of another type than it says", (key: string) => key.replace("ssh-ed25519", "ssh-rsa")],
  ["a key that was cut off", (key: string) => key.slice(0, 50)],
  ["options before it", (key: string) => `command="rm -rf /" ${key}`],
  ["two lines", (key: string) => `${key}\n${key}`],
  ["a type that OpenSSH has given up", (key: string) => key.replace("ssh-ed25519", "ssh-dss")],
])("refuses %s", async (_, change) => {
  const { publicKey } = await keysOf("-t", "ed25519");
  expect(isPublicKey(change(publicKey))).toBe(false);
});

test.each([["OPENSSH"], ["PEM"]])("a private key is none, and is not shown: %s", async (format) => {
  const { privateKey } = await keysOf(...(format === "PEM" ? ["-t", "rsa", "-m", "PEM"] : ["-t", "ed25519"]));
  const inOneLine = privateKey.split("\n").slice(1, -2).join("");
  expect(isPublicKey(privateKey)).toBe(false);
  expect(isPublicKey(inOneLine)).toBe(false);
  expect(withoutPrivateKey(`received ${JSON.stringify(privateKey)}`)).not.toContain(inOneLine.slice(70, 80));
  if (format === "OPENSSH") expect(withoutPrivateKey(inOneLine)).not.toContain(inOneLine.slice(70, 80));
  expect(withoutPrivateKey("ssh-ed25519 AAAA")).toBe("ssh-ed25519 AAAA");
});
