import { SecurityGroup } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import type { Plan } from "../../../stacks/plan.ts";

export interface HostFirewallArgs {
  plan: Plan;
  vpcId: pulumi.Input<string>;
  /** Who may reach SSH, in CIDR. */
  sshFrom: string;
}

/**
 * What hosts ask of one another, and nobody else may: a Swarm's managers, its gossip, its overlays, and those encrypted.
 * @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts
 */
const amongHosts = [
  { description: "Swarm management", protocol: "tcp", fromPort: 2377, toPort: 2377 },
  { description: "Swarm gossip", protocol: "tcp", fromPort: 7946, toPort: 7946 },
  { description: "Swarm gossip", protocol: "udp", fromPort: 7946, toPort: 7946 },
  { description: "VXLAN of overlay networks", protocol: "udp", fromPort: 4789, toPort: 4789 },
  { description: "ESP of encrypted overlay networks", protocol: "50", fromPort: 0, toPort: 0 },
];

/** The security group of a stack's hosts. A rule that is not ours, or is gone, is drift, which an `up` repairs. */
export class HostFirewall extends pulumi.ComponentResource {
  readonly group: SecurityGroup;

  constructor(name: string, { plan, vpcId, sshFrom }: HostFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:HostFirewall", name, {}, opts);
    this.group = new SecurityGroup(
      name,
      {
        name: plan.prefix,
        description: "Hosts of a Drydock stack",
        vpcId,
        ingress: [
          { description: "SSH", protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: [sshFrom] },
          ...amongHosts.map((rule) => ({ ...rule, self: true })),
        ],
        egress: [
          { description: "Packages and images", protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] },
        ],
        tags: tagsOf({ ...plan.labels, Name: plan.prefix }),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
