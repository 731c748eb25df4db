import type { Lab } from "../../labs/lab.ts";
import { cidr, contains, enclosing, formatCidr, type Cidr } from "../cidr.ts";
import { setFix } from "../configProblems.ts";
import { VisibleError } from "../visibleError.ts";

/** How a machine that exists is logged in to. */
export interface MachineLogin {
  /** root, or one that may become root by sudo without a password. */
  user: string;
  host: string;
  port: number;
  /** The pinned host key: "ssh-ed25519 AAAA...". */
  hostKey: string;
}

/** The machines of a stack, planned. */
export interface SshPlan {
  /** Path of the private key that logs in. */
  identity: string;
  /** Whether an engine may be installed where there is none. */
  installEngine: boolean;
  /** In the order of the plan's hosts. */
  machines: PlannedMachine[];
}

export interface PlannedMachine {
  login: MachineLogin;
  /** On the network between the machines. */
  address: string;
}

/**
 * Takes a stack's machines: the first of the settings, one a host.
 * @param block What the stack's networks inside the hosts are cut from.
 * @throws VisibleError when there are too few, or the machines' own addresses lie in the block.
 */
export function planSsh(
  { machines, identity, installEngine }: { machines: PlannedMachine[]; identity: string; installEngine: boolean },
  { lab, block, stack }: { lab: Pick<Lab, "slug" | "hosts">; block: Cidr; stack: string },
): SshPlan {
  if (machines.length < lab.hosts.length) {
    throw new VisibleError(
      `drydock:machines: received ${machines.length}; lab ${lab.slug} has ${lab.hosts.length} hosts, and each is a machine.`,
      {
        fix: `List as many in Pulumi.${stack}.yaml, or take another lab: ./drydock list shows how many hosts each has.`,
      },
    );
  }
  const taken = machines.slice(0, lab.hosts.length);
  const inside = taken.find(({ address }) => contains(block, cidr(`${address}/32`)));
  if (inside !== undefined) {
    throw new VisibleError(
      `drydock:addresses ${formatCidr(block)} has the address ${inside.address} of a machine in it, and is for networks inside the hosts.`,
      { fix: setFix("addresses", "a /19 block that the machines do not use", stack) },
    );
  }
  return { identity, installEngine, machines: taken };
}

/** The smallest range that has all the machines' addresses. */
export function rangeOf({ machines }: SshPlan): string {
  const all = machines.map(({ address }) => cidr(`${address}/32`));
  const [first = cidr("0.0.0.0/0")] = all;
  const bits = Array.from({ length: 33 }, (_, less) => 32 - less).find((size) =>
    all.every((one) => contains(enclosing(first, size), one)),
  );
  return formatCidr(enclosing(first, bits ?? 0));
}

/** How a machine is called in words and in Pulumi's state: "user@host:port". */
export const nameOfLogin = ({ user, host, port }: MachineLogin): string => `${user}@${host}:${port}`;
