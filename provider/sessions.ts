import { connectSsh, type SshSession, type SshTarget } from "../engine/ssh.ts";

const open = new Map<string, Promise<SshSession>>();

/**
 * A session to a host, shared by all resources of this provider process; a broken one is replaced.
 * @throws Error when the host refuses or does not answer within `deadlineMs`, 5 seconds by default.
 */
export async function sessionTo(target: SshTarget, deadlineMs = 5_000): Promise<SshSession> {
  const key = JSON.stringify(target);
  const known = open.get(key);
  const session = await known?.catch(() => undefined);
  if (session && !session.closed) return session;
  const latest = open.get(key);
  if (latest && latest !== known) return latest;
  const fresh = connectSsh(target, { deadlineMs });
  open.set(key, fresh);
  return fresh;
}
