import { recordOf, restoreMachine, type MachineRecord } from "../../provider/resources/machine.ts";
import type { Reach } from "../../provider/machine/session.ts";
import { isOwn, label } from "../labels.ts";
import { MachineError } from "../machineError.ts";
import { stackPrefix } from "../names.ts";
import type { Site, SiteObject } from "../site.ts";
import { nameOfLogin } from "./plan.ts";

/** Machines that exist, where what stacks have is known by the record on each. */
export const sshSite = (machines: readonly Reach[]): Site => ({
  name: machines.map(({ login }) => nameOfLogin(login)).join(", "),
  isElsewhere: true,
  work: (_command, work) => work(),

  // Other machines are other sites' affair.
  refuseOther: () => undefined,
  bring: () => Promise.resolve(),
  prepare: () => Promise.resolve(),

  async objects({ project, stack, cohort }) {
    const wanted = { [label.project]: project, [label.stack]: stack, [label.cohort]: cohort };
    const asked = Object.entries(wanted).filter(([, value]) => value !== undefined);
    const objects = await Promise.all(machines.map(objectOn));
    return objects
      .filter((object) => object !== undefined)
      .filter(({ labels }) => asked.every(([key, value]) => labels[key] === value));
  },

  adopts: ({ id }, { ssh }) => ssh?.machines.some(({ login }) => nameOfLogin(login) === id) ?? false,

  async sweep(objects) {
    const results = await Promise.allSettled(objects.map(({ id }) => restoreMachine(reachOf(machines, id))));
    return results.flatMap((result, index) =>
      result.status === "rejected" ? [`machine ${objects[index]?.name}: ${(result.reason as Error).message}`] : [],
    );
  },

  removal({ id }) {
    const { user, host, port } = reachOf(machines, id).login;
    return `ssh -p ${port} ${user}@${host} ${user === "root" ? "" : "sudo "}sh /var/lib/drydock-machine/restore`;
  },

  async states({ labels, hosts, ssh }) {
    const states = await Promise.all(
      (ssh?.machines ?? []).map(async ({ login }): Promise<string> => {
        const reach = machines.find((machine) => nameOfLogin(machine.login) === nameOfLogin(login));
        if (reach === undefined) return "missing";
        try {
          const record = await recordOf(reach);
          return record && isOwn(record.labels, labels) ? "running" : "missing";
        } catch {
          return "unreachable";
        }
      }),
    );
    return (container) => states[hosts.findIndex((host) => host.container === container)] ?? "missing";
  },
});

const reachOf = (machines: readonly Reach[], id: string): Reach => {
  const found = machines.find(({ login }) => nameOfLogin(login) === id);
  if (found === undefined) throw new Error(`no machine ${id} among those of this site`);
  return found;
};

/** The name of the host that a machine is, as the plan has it. */
const nameOn = ({ labels }: MachineRecord): string =>
  `${stackPrefix(labels[label.stack] ?? "")}-${labels[label.host] ?? ""}`;

async function objectOn(reach: Reach): Promise<SiteObject | undefined> {
  const id = nameOfLogin(reach.login);
  const record = await recordOf(reach).catch((error: unknown) => {
    throw new MachineError(`Machine ${id} could not be asked whether it is a host.`, {
      details: [(error as Error).message],
      fix: "Make it reachable and run this again. If it is gone for good, take it out of drydock:machines, and, where an `up` made it a host, out of Pulumi's state.",
    });
  });
  return record && { kind: "machine", id, name: nameOn(record), labels: record.labels };
}
