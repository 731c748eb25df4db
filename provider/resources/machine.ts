import { randomUUID } from "node:crypto";
import { z } from "zod";
import { isHostOf, judge, mergedDaemon } from "../machine/judge.ts";
import { runAsRoot, scriptText, type Reach, type Variables } from "../machine/session.ts";
import { parseSight, type Sight } from "../machine/sight.ts";
import { isOwn } from "../../stacks/labels.ts";
import { nameOfLogin, type MachineLogin } from "../../stacks/ssh/plan.ts";
import type { Handler } from "../handler.ts";

export interface MachineInputs {
  login: MachineLogin;
  /** Path of the private key that logs in. */
  identity: string;
  /** On the network between the machines. */
  address: string;
  /** What is installed where there is no engine; only with `installEngine`. */
  packages: string[];
  installEngine: boolean;
  labels: Record<string, string>;
  /** The engine's settings; those that the machine has stay where these say nothing. */
  daemonJson: string;
  /** Public keys that may log in as root. */
  authorizedKeys: string[];
  /** Addresses of the lab's hosts by their names. */
  names: Record<string, string>;
  /** For /root/lab/overlay-pool. */
  overlayPool: string;
}

export interface MachineOutputs {
  /** Id of the record of how the machine was found. */
  recordId: string;
  /** Whether all is in place that was put there. */
  intact: boolean;
}

/** Longest that a machine may take to get its packages, or to give them up, in milliseconds. */
const changeMs = 840_000;

/**
 * A machine that exists, as a host: what was found is recorded in its /var/lib/drydock-machine, and put back when the resource
 * goes.
 */
export const machine: Handler<MachineInputs, MachineOutputs> = {
  create: async (inputs) => ({ id: nameOfLogin(inputs.login), outputs: await prepare(inputs) }),

  async read(_id, state) {
    const record = await recordOf(state, wanted(state, await lookAt(state)));
    return record && isOwn(record.labels, state.labels) ? { recordId: record.id, intact: record.intact } : undefined;
  },

  update: (_id, _state, inputs) => prepare(inputs),

  async delete(_id, state) {
    const record = await recordOf(state);
    // Another stack's by now, or its own record's that another home made: not ours to undo.
    if (record && isOwn(record.labels, state.labels)) await restoreMachine(state);
  },

  replaceOn: ["login"],
  ignore: ["identity", "installEngine", "packages"],
  drifted: ({ intact }) => !intact,
};

async function prepare(inputs: MachineInputs): Promise<MachineOutputs> {
  const sight = await lookAt(inputs);
  const problems = judge(sight, inputs);
  if (problems.length > 0) throw new Error(`${nameOfLogin(inputs.login)}: ${problems.join("\n")}`);
  const put = wanted(inputs, sight);
  await runAsRoot(
    inputs,
    "prepare.sh",
    {
      ...put,
      labels: JSON.stringify(inputs.labels),
      id: isHostOf(sight, inputs.labels) ? "" : randomUUID(),
      restore: await scriptText("restore.sh"),
      packages: inputs.packages.join(" "),
      mark: markOf(inputs.labels),
      pool: inputs.overlayPool,
    },
    changeMs,
  );
  const record = await recordOf(inputs, put);
  if (!record?.intact) throw new Error(`${nameOfLogin(inputs.login)}: what was put there is not in place`);
  return { recordId: record.id, intact: true };
}

const lookAt = async (inputs: MachineInputs): Promise<Sight> =>
  parseSight(await runAsRoot(inputs, "look.sh", { address: inputs.address, peers: "" }));

/** What prepare.sh puts on a machine. */
function wanted(inputs: MachineInputs, sight: Sight): Variables {
  return {
    daemon: mergedDaemon(sight, inputs.daemonJson),
    keys: inputs.authorizedKeys
      .map((key) => `${key.split(" ").slice(0, 2).join(" ")} ${markOf(inputs.labels)}`)
      .join("\n"),
    names: Object.entries(inputs.names)
      .map(([name, address]) => `${address} ${name}`)
      .join("\n"),
  };
}

/** Ends the lines of a stack in authorized_keys. */
const markOf = (labels: Record<string, string>) => `drydock:${labels["drydock.project"]}/${labels["drydock.stack"]}`;

/** The record that a machine has. */
export interface MachineRecord {
  id: string;
  labels: Record<string, string>;
  /** Whether all is in place that was put there, as far as that was asked. */
  intact: boolean;
}

const recordLabels = z.record(z.string(), z.string());

/** Reads a machine's record; undefined where it has none. @throws Error when the machine is not reached. */
export async function recordOf(
  reach: Reach,
  put: Variables = { daemon: "", keys: "", names: "" },
): Promise<MachineRecord | undefined> {
  const [id = "", labels = "", intact] = (await runAsRoot(reach, "recorded.sh", put)).split("\n");
  if (id === "") return undefined;
  const text = Buffer.from(labels, "base64").toString();
  return { id, labels: recordLabels.parse(JSON.parse(text)), intact: intact === "intact" };
}

/** Puts a machine back as it was found. @throws Error with what it said when it could not. */
export const restoreMachine = async (reach: Reach): Promise<void> => {
  await runAsRoot(reach, "restore.sh", {}, changeMs);
};
