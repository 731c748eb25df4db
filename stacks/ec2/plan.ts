import type { HostSpec } from "../../labs/lab.ts";
import { setFix } from "../configProblems.ts";
import { VisibleError } from "../visibleError.ts";
import { architectureOf, typeFor, type Architecture } from "./instanceTypes.ts";
import type { Ec2Settings } from "./settings.ts";
import { spread } from "./zones.ts";

/** What a stack makes of EC2, planned. */
export interface Ec2Plan {
  region: string;
  /** Who may reach SSH, in CIDR. */
  sshFrom: string;
  /** Undefined for the newest that Debian publishes. */
  ami: string | undefined;
  architecture: Architecture;
  spot: boolean;
  /** Size of each host's disk. */
  diskGib: number;
  /** Subnets of the lab network, each with its zone, where the settings name zones. */
  subnets: { cidr: string; zone: string | undefined }[];
  /** In the order of the plan's hosts. */
  hosts: Ec2HostPlan[];
  /** USD per hour of a host by its type, all in, as the settings have it. */
  prices: Record<string, number> | undefined;
}

export interface Ec2HostPlan {
  instanceType: string;
  /** Which of the subnets. */
  subnet: number;
  /** Address in it, which the host keeps. */
  address: string;
}

/**
 * Plans the machines of a stack.
 * @param lab The lab network, which becomes the VPC.
 * @throws VisibleError when a host wants more memory than any type has.
 */
export function planEc2(
  settings: Ec2Settings,
  { lab, hosts, stack }: { lab: string; hosts: readonly (HostSpec & { memoryMib: number })[]; stack: string },
): Ec2Plan {
  const { region, sshFrom, ami, spot, diskGib, prices, zones, instanceType } = settings;
  const { subnets, standings } = spread(lab, hosts, zones?.length);
  const planned = hosts.map((host, index): Ec2HostPlan => {
    const standing = standings[index];
    if (standing === undefined) throw new Error(`host ${host.name} stands nowhere`);
    return { instanceType: instanceType ?? smallest(host, stack), ...standing };
  });
  const [first] = planned;
  return {
    region,
    sshFrom,
    ami,
    architecture: architectureOf(instanceType ?? first?.instanceType ?? ""),
    spot,
    diskGib,
    subnets: subnets.map((cidr, index) => ({ cidr, zone: zones?.[index] })),
    hosts: planned,
    prices,
  };
}

function smallest({ name, memoryMib }: { name: string; memoryMib: number }, stack: string): string {
  const type = typeFor(memoryMib);
  if (type !== undefined) return type;
  throw new VisibleError(`Host ${name} wants ${memoryMib} MiB of memory, and no t3 instance has that.`, {
    fix: setFix("ec2.instanceType", "r6i.2xlarge", stack),
  });
}
