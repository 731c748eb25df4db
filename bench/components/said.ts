import type { RunOptions, SshSession } from "../../engine/ssh.ts";

/** What a command printed. @throws Error with what it said, when it fails. */
export async function said(session: SshSession, command: string, options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await session.run(command, { timeoutMs: 300_000, ...options });
  if (code !== 0) throw new Error(`${command.slice(0, 80)}: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
