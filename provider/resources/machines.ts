import { clockProblems, mtuProblems } from "../machine/between.ts";
import { skewOf, type Skew } from "../machine/clock.ts";
import { isHostOf, judge } from "../machine/judge.ts";
import { tryPorts } from "../machine/ports.ts";
import { logIn, runAsRoot } from "../machine/session.ts";
import { parseSight, type Sight } from "../machine/sight.ts";
import { nameOfLogin, type PlannedMachine } from "../../stacks/ssh/plan.ts";
import type { Handler } from "../handler.ts";
import type { SshSession } from "../../engine/ssh.ts";

export interface MachinesInputs {
  /** In the order of the hosts. */
  machines: PlannedMachine[];
  /** Path of the private key that logs in. */
  identity: string;
  /** Whether an engine may be installed where there is none. */
  installEngine: boolean;
  /** Of the stack whose hosts they are to be. */
  labels: Record<string, string>;
}

export interface MachinesOutputs {
  /** Smallest MTU in bytes of the links between them. */
  mtu: number;
}

const defaultMtu = 1_500;

/** Machines that exist, looked at: each of them, and what is between them. Nothing of them is changed. */
export const machines: Handler<MachinesInputs, MachinesOutputs> = {
  create: async (inputs) => ({ id: "machines", outputs: await check(inputs) }),
  update: (_id, _state, inputs) => check(inputs),
  ignore: ["identity", "installEngine"],
};

interface Seen extends PlannedMachine {
  name: string;
  session: SshSession;
  sight: Sight;
  skew: Skew;
}

/** @throws Error with all that is wrong. */
async function check(inputs: MachinesInputs): Promise<MachinesOutputs> {
  const { mtu, problems } = await examine(inputs);
  if (problems.length === 0) return { mtu };
  const lines = problems.map((line) => `- ${line}`).join("\n");
  throw new Error(`the machines cannot be hosts; nothing was changed on them:\n${lines}`);
}

/** Looks at machines, and at what is between them. @returns all that keeps them from being hosts, a line each. */
export async function examine(inputs: MachinesInputs): Promise<MachinesOutputs & { problems: string[] }> {
  const sessions: SshSession[] = [];
  try {
    const looks = await Promise.allSettled(
      inputs.machines.map(async (machine) => {
        const session = await logIn({ ...machine, identity: inputs.identity });
        sessions.push(session);
        return lookAt(machine, session, inputs);
      }),
    );
    const unseen = looks.flatMap((look) => (look.status === "rejected" ? [(look.reason as Error).message] : []));
    const seen = looks.flatMap((look) => (look.status === "fulfilled" ? [look.value] : []));
    const own = seen.flatMap(({ name, address, sight }) =>
      judge(sight, { ...inputs, address }).map((problem) => `${name}: ${problem}`),
    );
    const lackPerl = seen.some(({ sight }) => sight.lacks.includes("perl"));
    const placed = seen.filter(({ sight }) => sight.ownsAddress);
    const tried = placed.map(({ sight, ...machine }) => ({ ...machine, isHost: isHostOf(sight, inputs.labels) }));
    const between = lackPerl ? [] : await tryPorts(tried);
    return {
      mtu: Math.min(defaultMtu, ...seen.flatMap(({ sight }) => sight.mtus)),
      problems: [...unseen, ...own, ...clockProblems(seen), ...mtuProblems(seen), ...between],
    };
  } finally {
    for (const session of sessions) session.close();
  }
}

async function lookAt(
  machine: PlannedMachine,
  session: SshSession,
  { machines, identity }: MachinesInputs,
): Promise<Seen> {
  const peers = machines.filter(({ address }) => address !== machine.address).map(({ address }) => address);
  const variables = { address: machine.address, peers: peers.join(" ") };
  const sight = parseSight(await runAsRoot({ ...machine, identity }, "look.sh", variables));
  return { ...machine, name: nameOfLogin(machine.login), session, sight, skew: await skewOf(session) };
}
