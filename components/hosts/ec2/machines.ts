import type { Region } from "@pulumi/aws";
import { Provider } from "@pulumi/aws/provider.js";
import type { GroundArgs } from "../ground.ts";
import { Ec2Machine } from "./ec2Machine.ts";
import { HostIdentity } from "./hostIdentity.ts";
import { newestDebian } from "./machineImage.ts";
import { Ec2Network } from "./network.ts";
import { zonesOffering } from "./zones.ts";

/**
 * Makes the machines of a plan's hosts, in a VPC of their own. The credentials are those of the environment, as for any
 * tool of AWS.
 * @returns them in the plan's order.
 */
export function machines({ plan, access, parent }: Omit<GroundArgs, "lab">): Ec2Machine[] {
  const { ec2 } = plan;
  if (ec2 === undefined) throw new Error(`stack ${plan.stack} has no plan for EC2`);
  const provider = new Provider("aws", { region: ec2.region as Region }, { parent });
  const child = { parent, providers: [provider] };
  const invoke = { parent, provider };

  const types = [...new Set(ec2.hosts.map(({ instanceType }) => instanceType))];
  const offered = zonesOffering(ec2.region, types, invoke);
  const subnets = ec2.subnets.map(({ cidr, zone }, index) => ({
    cidr,
    zone: zone ?? offered.apply((zones) => zones[index % zones.length] ?? ""),
  }));
  const network = new Ec2Network("network", { plan, subnets, sshFrom: ec2.sshFrom }, child);
  const identity = new HostIdentity("hosts", { plan, access }, child);
  const ami = ec2.ami ?? newestDebian(ec2.architecture, invoke);
  const { diskGib, spot } = ec2;
  return plan.hosts.map((host, index) => {
    const { instanceType, subnet: number } = ec2.hosts[index] ?? {};
    const subnet = network.subnets[number ?? -1];
    if (instanceType === undefined || subnet === undefined) throw new Error(`host ${host.name} stands nowhere`);
    const args = { plan, host, instanceType, ami, diskGib, spot, network, subnet, identity, access };
    return new Ec2Machine(host.name, args, child);
  });
}
