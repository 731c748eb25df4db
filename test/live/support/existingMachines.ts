import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectSsh, type SshSession } from "../../../engine/ssh.ts";
import { waitFor } from "../../../engine/wait.ts";
import { onMachine, type Reach } from "../../../provider/machine/session.ts";
import { sshKey } from "../../../provider/resources/sshKey.ts";
import type { PlannedMachine } from "../../../stacks/ssh/plan.ts";
import { testLab, type TestHost } from "../provider/testLab.ts";

/** A machine that somebody else has set up: a virtual machine with nothing of Drydock on it. */
export interface ExistingMachine extends PlannedMachine {
  /** What a script prints that root runs. @throws Error with what it said when it fails. */
  run(script: string): Promise<string>;
  /** All that being a host may change, a fact a line. */
  snapshot(): Promise<string[]>;
}

export interface ExistingMachines {
  /** Path of the private key that logs in to both. */
  identity: string;
  /** Has no engine. Its user admin may become root; root cannot log in. */
  bare: ExistingMachine;
  /** Has an engine, and its owner's things on it. Root logs in. */
  used: ExistingMachine;
  remove(): Promise<void>;
}

/** Emulated guests get and purge packages in minutes, and read all of their disk for a snapshot. */
const patienceMs = 900_000;

/** Makes two machines on a network of their own. */
export async function existingMachines(name: string): Promise<ExistingMachines> {
  const folder = await mkdtemp(join(tmpdir(), "drydock-machines-"));
  const identity = join(folder, "id_ed25519");
  const lab = await testLab(name, ["bare", "used"], "", "vm");
  const remove = async () => {
    await lab.remove();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const { outputs: key } = await sshKey.create({ comment: "owner" });
    await writeFile(identity, key.privateKey, { mode: 0o600 });
    const [bare, used] = await Promise.all([
      existing(lab.host("bare"), { kind: "bare", user: "admin", key: key.publicKey, identity }),
      existing(lab.host("used"), { kind: "used", user: "root", key: key.publicKey, identity }),
    ]);
    return { identity, bare, used, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function existing(
  host: TestHost,
  { kind, user, key, identity }: { kind: string; user: string; key: string; identity: string },
): Promise<ExistingMachine> {
  await host.up();
  const session = await connectSsh(host.ssh, { deadlineMs: 60_000 });
  try {
    const script = await text("existingMachine.sh");
    await run(session, "sh -s", `kind='${kind}' key='${key}'\n${script}`);
  } finally {
    session.close();
  }
  const { host: machine, port, hostKey } = host.ssh;
  const login = { user, host: machine, port, hostKey: hostKey.split(" ").slice(0, 2).join(" ") };
  const reach = { login, identity };
  // What it has at run time alone must not tell that it was set up by a script.
  if (kind === "bare") await restart(reach);
  return {
    login,
    address: host.member.address,
    run: (script) => asRoot(reach, script),
    snapshot: async () => (await asRoot(reach, await text("snapshot.sh"))).split("\n"),
  };
}

async function restart(reach: Reach): Promise<void> {
  const bootId = () => asRoot(reach, "cat /proc/sys/kernel/random/boot_id");
  const before = await bootId();
  await asRoot(reach, "systemctl reboot --no-block");
  await waitFor<true>({
    what: "the machine to have restarted",
    deadlineMs: 600_000,
    everyMs: 1_000,
    look: () =>
      bootId().then(
        (now) => (now === before ? { waiting: "it is as it was" } : { value: true }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
}

/** Facts of the second snapshot that the first has not, each with "+" before it, and the other way round with "-". */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const without = (all: readonly string[], others: readonly string[]) => {
    const known = new Set(others);
    return all.filter((fact) => !known.has(fact));
  };
  return [...without(before, after).map((fact) => `- ${fact}`), ...without(after, before).map((fact) => `+ ${fact}`)];
}

const asRoot = (reach: Reach, script: string): Promise<string> =>
  onMachine(reach, (session) => run(session, reach.login.user === "root" ? "sh -s" : "sudo -n sh -s", script));

async function run(session: SshSession, command: string, script: string): Promise<string> {
  const { code, stdout, stderr } = await session.run(command, { stdin: script, timeoutMs: patienceMs });
  if (code !== 0) throw new Error(`exit code ${code}:\n${stdout.slice(-2_000)}\n${stderr}`);
  return stdout.trim();
}

const text = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), "utf8");
