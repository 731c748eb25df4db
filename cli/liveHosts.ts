import { join } from "node:path";
import { execa } from "execa";
import { engineGet } from "./engineGet.ts";
import { containerLog } from "../engine/containerLog.ts";
import { outerEngine } from "../engine/outer.ts";
import { connectSsh, type RunOptions, type RunResult, type SshSession } from "../engine/ssh.ts";
import type { CheckContext, CheckHost } from "../labs/check.ts";
import { blockShell } from "../labs/solve.ts";
import { laptop } from "../labs/blockInfo.ts";
import { knownNames } from "../labs/suggest.ts";
import { readIfThere } from "../access/privateFile.ts";
import { checkout } from "../stacks/home.ts";
import type { HostOutput, StackOutputs } from "../stacks/outputs.ts";
import type { Stack } from "../stacks/stack.ts";
import type { TargetName } from "../stacks/target.ts";
import { MachineError } from "../stacks/machineError.ts";
import { stackEnvironment } from "./stackEnvironment.ts";
import { VisibleError } from "../stacks/visibleError.ts";

/** Longest that a host may take to accept a connection, in milliseconds. */
const connectMs = 10_000;

/** How many times as long a virtual machine may take: an emulated one on a busy machine shook hands in 50 s. */
const vmPatience = 6;

/** The hosts of a stack that is up, reached over SSH. */
export class LiveHosts {
  readonly outputs: StackOutputs;
  /** How many times as long as a container its hosts may take to answer. */
  readonly patience: number;
  readonly #privateKey: string;
  readonly #target: TargetName;

  private constructor(outputs: StackOutputs, privateKey: string, target: TargetName) {
    this.outputs = outputs;
    this.patience = target === "vm" ? vmPatience : 1;
    this.#privateKey = privateKey;
    this.#target = target;
  }

  /** @throws VisibleError when the stack is not up. */
  static async of(stack: Stack): Promise<LiveHosts> {
    const outputs = await stack.outputs();
    const privateKey = await readIfThere(join(stack.folder, "id_ed25519"));
    if (privateKey === undefined) {
      throw new VisibleError(`The SSH key of stack ${stack.name} is gone.`, {
        details: [`it was in ${stack.folder}`],
        fix: `Run: ./drydock up --stack ${stack.name}`,
      });
    }
    return new LiveHosts(outputs, privateKey, stack.plan.target);
  }

  /** The host of that name; an unknown one is answered by the known. */
  named(name: string): HostOutput {
    return hostNamed(this.outputs, name);
  }

  /** A connection of its own to a host. @throws MachineError when it does not answer in time: 10 seconds, for a container. */
  async connect(name: string, deadlineMs = connectMs): Promise<SshSession> {
    const { ssh } = this.named(name);
    try {
      return await connectSsh({ ...ssh, privateKey: this.#privateKey }, { deadlineMs: deadlineMs * this.patience });
    } catch (error) {
      throw new MachineError(`Host ${name} does not answer.`, {
        details: [messageOf(error)],
        fix: "See what runs with `./drydock status`; `./drydock up` repairs what was lost.",
      });
    }
  }

  /** Runs a shell command on a host, over a connection of its own. @throws MachineError when that breaks or time is up. */
  async run(name: string, command: string, options?: RunOptions): Promise<RunResult> {
    const session = await this.connect(name);
    try {
      return await session.run(command, options);
    } catch (error) {
      throw new MachineError(`A command on ${name} did not end: ${messageOf(error)}`, {
        fix: "See how the host is with `./drydock status`.",
      });
    } finally {
      session.close();
    }
  }

  /** Runs a guide's block on its host, or on the learner's own machine. */
  async runBlock(host: string, script: string, { timeoutSec }: { timeoutSec: number }): Promise<RunResult> {
    if (host !== laptop)
      return this.run(host, shellLine([...blockShell, script]), { timeoutMs: timeoutSec * 1000, stdin: "" });
    const [shell, ...rest] = blockShell;
    const variables = Object.entries(
      stackEnvironment(this.outputs.stack, { engineUrl: this.outputs.hosts[0]?.ssh.via }),
    );
    const { exitCode, stdout, stderr, timedOut } = await execa(shell, [...rest, script], {
      cwd: checkout,
      env: Object.fromEntries(variables.map(([name, value]) => [name, value ?? undefined])),
      stdin: "ignore",
      timeout: timeoutSec * 1000,
      reject: false,
    });
    const late = timedOut ? `\nno end within ${timeoutSec} s` : "";
    return { code: timedOut ? 255 : (exitCode ?? 255), stdout, stderr: stderr + late };
  }

  /** The hosts as checks see them, each connected to once, while `work` runs. */
  async grade<T>(work: (context: CheckContext) => Promise<T>): Promise<T> {
    const sessions = new Map<string, Promise<SshSession>>();
    const using = async <R>(name: string, act: (session: SshSession) => Promise<R>): Promise<R> => {
      const session = sessions.get(name) ?? this.connect(name);
      sessions.set(name, session);
      try {
        return await act(await session);
      } finally {
        // One that still stands is kept, whatever its host answered: it is used again, and closed in the end.
        const open = await session.catch(() => undefined);
        if (open?.closed !== false && sessions.get(name) === session) sessions.delete(name);
      }
    };
    const isContainer = this.#target === "container";
    const hosts = this.outputs.hosts.map(({ name, address, capabilities, container, ssh }): CheckHost => ({
      name,
      address,
      capabilities,
      run: (command, { timeoutSec = 30 } = {}) =>
        using(name, (session) => session.run(command, { timeoutMs: timeoutSec * 1000 * this.patience })),
      engine: (path) => using(name, (session) => engineGet(session.engine(), path)),
      engineLog: async (pattern) => {
        const log = isContainer
          ? await containerLog((await outerEngine(ssh.via)).getContainer(container))
          : (await using(name, (session) => session.run("journalctl --unit docker --output cat --no-pager"))).stdout;
        return log.split("\n").filter((line) => pattern.test(line));
      },
    }));
    const host = (name: string) => hosts.find((known) => known.name === name) ?? unknownHost(this.outputs, name);
    try {
      return await work({ outputs: this.outputs, hosts, host });
    } finally {
      for (const session of sessions.values()) void session.then((open) => open.close()).catch(() => undefined);
    }
  }
}

/** The host of that name; an unknown one is answered by the known. */
export function hostNamed(outputs: StackOutputs, name: string): HostOutput {
  return outputs.hosts.find((host) => host.name === name) ?? unknownHost(outputs, name);
}

function unknownHost({ lab, hosts }: StackOutputs, name: string): never {
  throw new VisibleError(`Lab ${lab} has no host "${name}".`, {
    details: [
      knownNames(
        name,
        hosts.map((host) => host.name),
      ),
    ],
  });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Words as one line for a POSIX shell that reads them back as they are. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}
