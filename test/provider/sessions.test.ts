import { expect, onTestFinished, test } from "vitest";
import type { SshSession } from "../../engine/ssh.ts";
import { sessionTo } from "../../provider/sessions.ts";
import { keyPair, sshServer } from "../engine/sshServer.ts";

function closing(sessions: SshSession[]): SshSession[] {
  onTestFinished(() => sessions.forEach((session) => session.close()));
  return sessions;
}

test("all who ask at once share one connection", async () => {
  const server = await sshServer();

  const sessions = closing(await Promise.all([1, 2, 3].map(() => sessionTo(server.target))));

  expect(new Set(sessions).size).toBe(1);
  expect(server.logins()).toBe(1);
});

test("a broken connection is replaced, once, by all who ask at once", async () => {
  const server = await sshServer({ exec: () => server.breakConnections() });
  const [first] = closing([await sessionTo(server.target)]);
  await expect(first?.run("true")).rejects.toThrow("broke");

  const sessions = closing(await Promise.all([1, 2, 3].map(() => sessionTo(server.target))));

  expect(new Set(sessions).size).toBe(1);
  expect(sessions[0]).not.toBe(first);
  expect(server.logins()).toBe(2);
});

test("a refusal is not remembered", async () => {
  const server = await sshServer();
  await expect(sessionTo({ ...server.target, privateKey: keyPair().privateKey })).rejects.toThrow("authentication");

  const [session] = closing([await sessionTo(server.target)]);

  expect(session?.closed).toBe(false);
});

test("hosts that took over a port of another are told apart by their keys", async () => {
  const server = await sshServer();
  closing([await sessionTo(server.target)]);

  await expect(sessionTo({ ...server.target, hostKey: keyPair().publicKey })).rejects.toThrow("SSH to");
});
