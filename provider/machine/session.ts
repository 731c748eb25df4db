import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import ssh2 from "ssh2";
import { connectSsh, HostKeyError, type SshSession } from "../../engine/ssh.ts";
import { nameOfLogin, type MachineLogin } from "../../stacks/ssh/plan.ts";

/** How a machine that exists is reached. */
export interface Reach {
  login: MachineLogin;
  /** Path on this machine of the private key that logs in. */
  identity: string;
}

/** Values that a script finds in its variables. */
export type Variables = Record<string, string>;

/**
 * Logs in.
 * @throws Error that names the machine, when it is not reached, has another host key or lets nobody in with this key; or the
 * setting, when the key cannot be used.
 */
export async function logIn({ login, identity }: Reach, deadlineMs = 20_000): Promise<SshSession> {
  const privateKey = await readIdentity(identity);
  return connectSsh({ ...login, privateKey }, { deadlineMs }).catch((error: unknown) => {
    if (!(error instanceof HostKeyError)) throw error;
    throw new Error(
      `${error.message} by the hostKey of ${nameOfLogin(login)} in drydock:machines. Compare it with ` +
        "/etc/ssh/ssh_host_ed25519_key.pub on the machine: when that is the key it has, set hostKey to it; otherwise " +
        "another machine answers at this address",
      { cause: error },
    );
  });
}

/** The private key that logs in. @throws Error that names the setting, and what to do. */
export async function readIdentity(identity: string): Promise<string> {
  const path = identity.replace(/^~(?=\/)/, homedir());
  const privateKey = await readFile(path, "utf8").catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(
      `drydock:identity ${identity} cannot be read (${code}): name a private key that logs in to the machines`,
    );
  });
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) {
    throw new Error(
      /encrypted/i.test(key.message)
        ? `drydock:identity ${identity} has a passphrase: name a key without one; \`ssh-keygen -p -N "" -f FILE\` takes it off a copy`
        : `drydock:identity ${identity} is no private key that can be read (${key.message}): name an OpenSSH private key`,
    );
  }
  if (!key.isPrivateKey()) {
    throw new Error(
      `drydock:identity ${identity} is a public key: name the private key, which is in the file beside it without .pub`,
    );
  }
  return privateKey;
}

/** Logs in, does something, and logs out. */
export async function onMachine<T>(reach: Reach, work: (session: SshSession) => Promise<T>): Promise<T> {
  const session = await logIn(reach);
  try {
    return await work(session);
  } finally {
    session.close();
  }
}

/**
 * Runs a script of this folder as root, by standard input: arguments show to everybody on the machine.
 * @returns what it printed.
 * @throws Error with what it said when it fails.
 */
export async function runAsRoot(
  reach: Reach,
  name: string,
  variables: Variables = {},
  timeoutMs = 60_000,
): Promise<string> {
  const script = `${assignments(variables)}${await scriptText(name)}`;
  const command = reach.login.user === "root" ? "sh -s" : "sudo -n sh -s";
  const { code, stdout, stderr } = await onMachine(reach, (session) =>
    session.run(command, { stdin: script, timeoutMs }),
  );
  if (code === 0) return stdout;
  const words = [...stderr.trim().split("\n"), ...(stderr.trim() ? [] : stdout.trim().split("\n"))]
    .slice(-5)
    .join("; ");
  throw new Error(`${nameOfLogin(reach.login)}: ${name} failed with exit code ${code}: ${words}`);
}

/** A script of this folder. */
export const scriptText = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");

const assignments = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}\n`)
    .join("");

/** A word of the shell, whatever is in it. */
const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
