import ssh2 from "ssh2";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { logIn } from "../../../provider/machine/session.ts";
import { keyPair, sshServer } from "../../engine/sshServer.ts";
import { temporaryFolder } from "../../temporaryFolder.ts";

/** A machine, and a file with a key that is said to log in to it. */
async function machineAnd(key?: string) {
  const server = await sshServer();
  const identity = join(await temporaryFolder(), "key");
  await writeFile(identity, key ?? server.target.privateKey);
  return { login: server.target, identity, attempts: () => server.attempts() };
}

test("a machine lets in who has the key", async () => {
  const session = await logIn(await machineAnd());
  expect(session.closed).toBe(false);
  session.close();
});

test("a machine with another host key is told of with the key that was seen, and the setting", async () => {
  const { login, identity, attempts } = await machineAnd();
  const { publicKey: hostKey } = keyPair();
  const error = (await logIn({ login: { ...login, hostKey }, identity }).catch((thrown: unknown) => thrown)) as Error;

  expect(error.message).toContain(`root@127.0.0.1:${login.port} in drydock:machines`);
  expect(error.message).toContain(`its key is ${login.hostKey}, and ${hostKey} was expected by the hostKey of`);
  expect(attempts()).toBe(0);
});

test.each([
  ["a public key", keyPair().publicKey, /^drydock:identity .*key is a public key: name the private key/],
  [
    "a key with a passphrase",
    ssh2.utils.generateKeyPairSync("ed25519", { passphrase: "secret", cipher: "aes256-cbc", rounds: 1 }).private,
    /^drydock:identity .*key has a passphrase: name a key without one; `ssh-keygen -p/,
  ],
  ["no key at all", "a text", /^drydock:identity .*key is no private key that can be read \(Unsupported key format\)/],
])("%s in the file of the identity is told of, and no machine is blamed", async (_what, key, words) => {
  const { attempts, ...reach } = await machineAnd(key);

  await expect(logIn(reach)).rejects.toThrow(words);
  await expect(logIn(reach)).rejects.not.toThrow("127.0.0.1");
  expect(attempts()).toBe(0);
});

test("an identity that is not there is told of", async () => {
  const { login } = await machineAnd();
  await expect(logIn({ login, identity: "/nowhere/key" })).rejects.toThrow(
    "drydock:identity /nowhere/key cannot be read (ENOENT)",
  );
});
