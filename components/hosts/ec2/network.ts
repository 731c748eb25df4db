import { InternetGateway, RouteTable, RouteTableAssociation, Subnet, Vpc } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import type { Plan } from "../../../stacks/plan.ts";
import { HostFirewall } from "./firewall.ts";

export interface Ec2NetworkArgs {
  plan: Plan;
  /** In CIDR, each with its availability zone. */
  subnets: { cidr: string; zone: pulumi.Input<string> }[];
  /** Who may reach SSH, in CIDR. */
  sshFrom: string;
}

/** The lab network on EC2: a VPC with a subnet a zone, a way out, and what may come in. */
export class Ec2Network extends pulumi.ComponentResource {
  readonly vpc: Vpc;
  readonly firewall: HostFirewall;
  readonly subnets: Subnet[];
  /** Its way out; hosts are made after it, as their first boot gets packages. */
  readonly routes: pulumi.Resource[];

  constructor(name: string, { plan, subnets, sshFrom }: Ec2NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:Ec2Network", name, {}, opts);
    const child = { parent: this };
    const tags = tagsOf({ ...plan.labels, Name: plan.network.name });

    this.vpc = new Vpc(name, { cidrBlock: plan.network.subnet, tags }, child);
    const { id: vpcId } = this.vpc;
    const gateway = new InternetGateway(`${name}-gateway`, { vpcId, tags }, child);
    const table = new RouteTable(
      `${name}-routes`,
      { vpcId, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: gateway.id }], tags },
      child,
    );
    this.subnets = subnets.map(
      ({ cidr, zone }, index) =>
        new Subnet(
          `${name}-subnet-${index}`,
          { vpcId, cidrBlock: cidr, availabilityZone: zone, mapPublicIpOnLaunch: true, tags },
          // A zone that is looked up may come out otherwise another day, and a subnet cannot move.
          { ...child, ignoreChanges: ["availabilityZone"] },
        ),
    );
    this.routes = this.subnets.map(
      ({ id: subnetId }, index) =>
        new RouteTableAssociation(`${name}-route-${index}`, { subnetId, routeTableId: table.id }, child),
    );
    this.firewall = new HostFirewall(`${name}-firewall`, { plan, vpcId, sshFrom }, child);
    this.registerOutputs({ vpcId });
  }
}
