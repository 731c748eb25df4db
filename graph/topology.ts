import type { Plan } from "../stacks/plan.ts";
import { isOnEngine } from "../stacks/target.ts";

/** A host, as a picture shows it. */
export interface PicturedHost {
  name: string;
  role: "manager" | "worker" | "host";
  address: string;
  sshPort: number;
  labels: Record<string, string>;
}

/** A network inside the hosts, as a picture shows it. */
export interface PicturedNetwork {
  name: string;
  driver: string;
  subnet: string;
  encrypted: boolean;
}

/** A component on one of the hosts, as a picture shows it. */
export interface PicturedComponent {
  name: string;
  /** Such as "private registry". */
  kind: string;
  /** Name of its host. */
  host: string;
}

/** What a picture of a stack shows. */
export interface Topology {
  lab: string;
  stack: string;
  network: { name: string; subnet: string };
  hosts: PicturedHost[];
  /** The hosts' mirror; undefined where they have none. */
  registry: { address: string } | undefined;
  /** Whether their SSH ports are on the learner's loopback. */
  onLoopback: boolean;
  /** Known once the stack is up. */
  networks: PicturedNetwork[];
  /** Known once the stack is up. */
  components: PicturedComponent[];
}

/** What a stack that is up adds to its plan. */
export interface Seen {
  networks: PicturedNetwork[];
  components: PicturedComponent[];
  /** What hosts are now, by name; one that did not answer is pictured as planned. */
  roles?: ReadonlyMap<string, PicturedHost["role"]>;
}

/** The topology that the plan promises, and what is there of it and besides. */
export function topologyOf(
  plan: Plan,
  { networks, components, roles }: Seen = { networks: [], components: [] },
): Topology {
  const onEngine = isOnEngine(plan.target);
  return {
    lab: plan.lab,
    stack: plan.stack,
    network: { name: plan.network.name, subnet: plan.network.subnet },
    hosts: plan.hosts.map(({ name, role, address, sshPort, labels }) => {
      return { name, role: roles?.get(name) ?? role, address, sshPort, labels };
    }),
    registry: onEngine ? { address: plan.registry.address } : undefined,
    onLoopback: onEngine,
    networks: networks.map(({ name, driver, subnet, encrypted }) => ({ name, driver, subnet, encrypted })),
    components: components.map(({ name, kind, host }) => ({ name, kind, host })),
  };
}

/** What a host is: its role, and what Drydock runs on it; a line each. */
export function purposesOf(host: PicturedHost, { components }: Pick<Topology, "components">): string[] {
  const runs = components.filter((component) => component.host === host.name);
  const role = host.role === "host" ? [] : [host.role];
  const named = ({ name, kind }: PicturedComponent) => (kind.replaceAll(" ", "-") === name ? kind : `${kind} ${name}`);
  const all = [...role, ...runs.map(named)];
  return all.length === 0 ? ["bare host"] : all;
}

/** Hosts side by side because they share a zone; one group without a name where the lab has no zones. */
export interface HostGroup {
  zone: string | undefined;
  hosts: PicturedHost[];
}

const rank = { manager: 0, worker: 1, host: 2 };

/** The hosts by zone, managers first. */
export function groupHosts(hosts: readonly PicturedHost[]): HostGroup[] {
  const sorted = hosts.toSorted((a, b) => rank[a.role] - rank[b.role]);
  const zones = Map.groupBy(sorted, (host) => host.labels.zone);
  return [...zones]
    .map(([zone, members]) => ({ zone, hosts: members }))
    .toSorted((a, b) => (a.zone ?? "").localeCompare(b.zone ?? ""));
}

/** What a network reaches: an overlay the Swarm's nodes, or every host where Drydock formed no Swarm. */
export function reaches(topology: Topology): PicturedHost[] {
  const members = topology.hosts.filter((host) => host.role !== "host");
  return members.length > 0 ? members : topology.hosts;
}

/** "10.1.2.0/24, encrypted". */
export const networkDetail = (network: PicturedNetwork): string =>
  `${network.driver} ${network.subnet}${network.encrypted ? ", encrypted" : ""}`;
