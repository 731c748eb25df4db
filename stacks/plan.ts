import type { HostSpec, Lab } from "../labs/lab.ts";
import {
  blockOfSlot,
  layout,
  maxFirstPort,
  maxHosts,
  minFirstPort,
  nearestBlock,
  parseBlock,
  portOfSlot,
  portsPerStack,
  slotOf,
} from "./block.ts";
import { formatCidr, type Cidr } from "./cidr.ts";
import type { StackConfig } from "./config.ts";
import { setFix } from "./configProblems.ts";
import { planEc2, type Ec2Plan } from "./ec2/plan.ts";
import { stackLabels } from "./labels.ts";
import { isHostName, maxHostName, stackPrefix } from "./names.ts";
import { planSsh, rangeOf, type SshPlan } from "./ssh/plan.ts";
import type { TargetName } from "./target.ts";
import { VisibleError } from "./visibleError.ts";

/** A host, planned: everything about it that is known before it exists. */
export interface HostPlan extends Required<HostSpec> {
  /** Container name on the outer engine, e.g. "drydock-dev-manager-1". */
  container: string;
  /** Volume of the host's /var/lib/docker. */
  volume: string;
  /** Address on the lab network. */
  address: string;
  /** Address on the lab network that the container around a virtual machine has, as the guest has the host's. */
  containerAddress: string;
  /** Where its sshd is reached: loopback, or the machine that it is; undefined where that is known when it runs. */
  sshHost: string | undefined;
  /** Port of its sshd there. */
  sshPort: number;
  /** CPU limit in cores. */
  cpus: number;
  /** Process limit. */
  pids: number;
}

/** All that a stack will make: pure, no I/O. */
export interface Plan {
  project: string;
  stack: string;
  lab: string;
  learner: string;
  /** ISO date-time, or undefined for never. */
  expiry: string | undefined;
  /** The learner's own SSH public key, where there is one. */
  sshKey: string | undefined;
  /** Start of every name on the engine, e.g. "drydock-dev". */
  prefix: string;
  /** Labels of everything made for this stack (without drydock.host). */
  labels: Record<string, string>;
  imageSource: "auto" | "registry" | "bootstrap";
  target: TargetName;
  /** Of the target ec2 alone. */
  ec2: Ec2Plan | undefined;
  /** Of the target ssh alone. */
  ssh: SshPlan | undefined;
  /** Most that it may cost until its expiry, in USD. */
  budget: number | undefined;
  /** The stack's block of addresses, a /19: every subnet of the plan lies in it. */
  addresses: string;
  /** URL of the engine on another machine that the hosts stand on; undefined for the local engine. */
  engine: string | undefined;
  network: { name: string; subnet: string; gateway: string };
  /** Inside each host: docker0's address with prefix length, and the pool of its bridge networks. */
  enginePool: { bip: string; base: string; size: number };
  /** Swarm's overlay pool and the size of each network cut from it, the ingress network first. */
  swarm: { overlayBase: string; overlaySize: number };
  registry: { container: string; address: string };
  hosts: HostPlan[];
  /** Folders of images/ that the registry serves and hosts hold. */
  images: string[];
}

/** What a plan is made of. */
export interface PlanInput {
  project: string;
  stack: string;
  config: StackConfig;
  lab: Pick<Lab, "slug" | "hosts" | "images">;
  /** "hostname:path#id" of the Drydock home that will own the stack. */
  home: string;
}

/**
 * Plans a stack: the same input gives the same names, addresses and ports on every machine.
 *
 * @throws VisibleError when the lab's hosts, the block of addresses or the ports cannot be planned.
 */
export function planStack({ project, stack, config, lab, home }: PlanInput): Plan {
  checkHosts(lab);
  const slot = slotOf(project, stack);
  const block = blockOf(config, stack) ?? blockOfSlot(slot);
  const firstPort = checkPorts(config.ports ?? portOfSlot(slot), stack);
  const { learner, cohort, expiry, sshKey, target, budget } = config;
  const { network, registry, host, around, enginePool, swarm } = layout(block);
  const prefix = stackPrefix(stack);
  const specs = lab.hosts.map((spec) => ({ ...spec, memoryMib: spec.memoryMib ?? config.hosts.memoryMib }));
  const ec2 =
    target === "ec2" && config.ec2 ? planEc2(config.ec2, { lab: network.subnet, hosts: specs, stack }) : undefined;
  const ssh =
    target === "ssh" && config.machines
      ? planSsh({ ...config, machines: config.machines }, { lab, block, stack })
      : undefined;
  return {
    project,
    stack,
    lab: lab.slug,
    learner,
    expiry,
    sshKey,
    prefix,
    labels: stackLabels({ project, stack, lab: lab.slug, learner, cohort, expiry, home }),
    imageSource: config.images,
    target,
    ec2,
    ssh,
    budget,
    addresses: formatCidr(block),
    engine: config.engine,
    network: { name: prefix, ...network, ...(ssh ? { subnet: rangeOf(ssh) } : {}) },
    enginePool,
    swarm,
    registry: { container: `${prefix}-registry`, address: registry },
    hosts: specs.map(({ name, role, labels = {}, memoryMib }, number) => ({
      name,
      role,
      labels,
      memoryMib,
      cpus: config.hosts.cpus,
      pids: config.hosts.pids,
      container: `${prefix}-${name}`,
      volume: `${prefix}-${name}-docker`,
      address: ec2?.hosts[number]?.address ?? ssh?.machines[number]?.address ?? host(number),
      containerAddress: around(number),
      sshHost: ec2 ? undefined : (ssh?.machines[number]?.login.host ?? "127.0.0.1"),
      sshPort: ec2 ? 22 : (ssh?.machines[number]?.login.port ?? firstPort + number),
    })),
    images: lab.images,
  };
}

function checkHosts({ slug, hosts }: PlanInput["lab"]): void {
  const names = hosts.map(({ name }) => name);
  const details = [
    ...names
      .filter((name) => !isHostName(name))
      .map(
        (name) => `host name "${name}": allowed are 1 to ${maxHostName} lower-case letters, digits and inner dashes`,
      ),
    ...new Set(
      names.filter((name, index) => names.indexOf(name) !== index).map((name) => `host name "${name}" is used twice`),
    ),
    ...(names.includes("registry") ? [`host name "registry" is the lab network's registry's`] : []),
    ...(hosts.length > maxHosts ? [`${hosts.length} hosts: a stack has addresses and ports for ${maxHosts}`] : []),
  ];
  if (details.length > 0) {
    throw new VisibleError(`Lab ${slug} cannot be planned:`, { details, fix: "Change the hosts in the lab's lab.ts." });
  }
}

function blockOf({ addresses }: StackConfig, stack: string): Cidr | undefined {
  if (addresses === undefined) return undefined;
  const block = parseBlock(addresses);
  if (block !== undefined) return block;
  throw new VisibleError(
    `drydock:addresses: received ${addresses}; allowed: a /19 block on its own boundary in a private range.`,
    { fix: setFix("addresses", nearestBlock(addresses) ?? "10.192.0.0/19", stack) },
  );
}

function checkPorts(first: number, stack: string): number {
  if (first >= minFirstPort && first <= maxFirstPort) return first;
  throw new VisibleError(
    `drydock:ports: received ${first}; a stack has ${portsPerStack} ports from there, so allowed are ${minFirstPort} to ${maxFirstPort}.`,
    { fix: setFix("ports", 21000, stack) },
  );
}
