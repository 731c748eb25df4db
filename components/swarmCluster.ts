import * as pulumi from "@pulumi/pulumi";
import type { Member } from "../provider/resources/swarm.ts";
import type { SwarmOutput } from "../stacks/outputs.ts";
import type { Plan } from "../stacks/plan.ts";
import type { LabHost } from "./hosts/labHost.ts";
import { SwarmNode } from "./resources.ts";

export interface SwarmClusterArgs {
  plan: Plan;
  /** An odd number keeps a quorum best; the first starts the Swarm, the others join one after the other. */
  managers: LabHost[];
  workers?: LabHost[];
}

const readyDeadlineSec = 60;

/** A Swarm of hosts, each in its role and with the labels that the plan gives it. */
export class SwarmCluster extends pulumi.ComponentResource {
  readonly clusterId: pulumi.Output<string>;
  readonly managers: LabHost[];
  readonly workers: LabHost[];
  /** Once these are there, the Swarm can be given services and networks. */
  readonly managerNodes: SwarmNode[];
  /** Labels of what the stack makes in it. */
  readonly labels: Record<string, string>;
  /** What goes with this resource need not be taken out of the Swarm first. */
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<SwarmOutput>;

  constructor(
    name: string,
    { plan, managers, workers = [] }: SwarmClusterArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("drydock:index:SwarmCluster", name, {}, opts);
    const [first, ...others] = managers;
    if (!first) throw new Error(`SwarmCluster ${name}: managers is empty; at least one host must be a manager`);
    this.managers = managers;
    this.workers = workers;

    const node = (host: LabHost, role: "manager" | "worker", after: SwarmNode[]) =>
      new SwarmNode(
        `${name}-${host.name}`,
        {
          member: memberOf(host),
          role,
          labels: plan.hosts.find((planned) => planned.name === host.name)?.labels ?? {},
          peers: pulumi.all(managers.filter((manager) => manager !== host).map(memberOf)),
          first: host === first,
          addressPool: plan.swarm.overlayBase,
          addressSize: plan.swarm.overlaySize,
          incarnation: host.incarnation,
          deadlineSec: readyDeadlineSec,
        },
        { parent: this, deletedWith: host.goesWith, dependsOn: after },
      );
    const leader = node(first, "manager", []);
    const managerNodes = others.reduce((nodes, host) => [...nodes, node(host, "manager", nodes.slice(-1))], [leader]);
    for (const host of workers) node(host, "worker", [leader]);

    this.managerNodes = managerNodes;
    this.clusterId = leader.clusterId;
    this.labels = plan.labels;
    this.goesWith = first.goesWith;
    this.output = pulumi.output({
      clusterId: this.clusterId,
      managers: managers.map((host) => host.name),
      workers: workers.map((host) => host.name),
      ingress: pulumi
        .all([...managers, ...workers].map((host) => host.facts))
        .apply((facts) =>
          facts.every(({ capabilities }) => capabilities.ipvs) ? ("mesh" as const) : ("host" as const),
        ),
    });
    this.registerOutputs({ clusterId: this.clusterId });
  }
}

/** A host as a member of a Swarm; resolves once its engine answers. */
export function memberOf(host: LabHost): pulumi.Output<Member> {
  return pulumi.all([host.ssh, host.facts]).apply(([ssh]) => ({ name: host.name, address: host.address, ssh }));
}
