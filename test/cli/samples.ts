import { labs } from "../../labs/index.ts";
import type { Lab } from "../../labs/lab.ts";
import { parseConfig } from "../../stacks/config.ts";
import type { StackOutputs } from "../../stacks/outputs.ts";
import { planStack, type HostPlan, type Plan } from "../../stacks/plan.ts";

function sample(slug: string): { lab: Lab; plan: Plan } {
  const lab = labs[slug];
  if (!lab) throw new Error(`no lab ${slug}`);
  const config = parseConfig({ "drydock:lab": slug }, { stack: "dev", labs: Object.keys(labs) });
  return { lab, plan: planStack({ project: "drydock", stack: "dev", config, lab, home: "box:/srv/drydock" }) };
}

/** The planned host of that number. */
export function plannedHost(plan: Plan, number = 0): HostPlan {
  const host = plan.hosts[number];
  if (!host) throw new Error(`no host number ${number}`);
  return host;
}

/** A Swarm of five hosts in three zones. */
export const { lab: swarmLab, plan: swarmPlan } = sample("swarm-failover");

/** Three bare hosts. */
export const { lab: bareLab, plan: barePlan } = sample("swarm-basics");

export const swarmOutputs: StackOutputs = {
  project: "drydock",
  stack: "dev",
  lab: "swarm-failover",
  learner: "learner",
  prefix: "drydock-dev",
  network: {
    name: "drydock-dev",
    driver: "bridge",
    subnet: swarmPlan.network.subnet,
    mtu: 1500,
    encrypted: false,
    attachable: false,
  },
  hosts: swarmPlan.hosts.map(({ name, role, labels, address, container, sshPort }) => ({
    name,
    role,
    labels,
    address,
    container,
    ssh: { host: "127.0.0.1", port: sshPort, user: "root", hostKey: "ssh-ed25519 AAAA" },
    engineVersion: "26.1.5",
    cgroupVersion: 1,
    capabilities: { vxlan: true, ipvs: false, esp: false, macvlan: true, apparmor: false },
  })),
  registry: { address: swarmPlan.registry.address, source: "bootstrap" },
  overlayPool: swarmPlan.swarm.overlayBase,
  networks: [
    { name: "harbour", driver: "overlay", subnet: "10.1.2.0/24", mtu: 1450, encrypted: true, attachable: true },
  ],
  components: [],
};
