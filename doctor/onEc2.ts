import * as ec2 from "@aws-sdk/client-ec2";
import { existsSync } from "node:fs";
import { awsPlugin, toolFolder } from "../setup/tools.ts";
import { asking, awsIn, type Aws } from "../stacks/ec2/aws.ts";
import type { Ec2Plan } from "../stacks/ec2/plan.ts";
import { homeFolder } from "../stacks/home.ts";
import { MachineError } from "../stacks/machineError.ts";
import type { Finding } from "./facts.ts";

/** Looks whether a region of EC2 can carry a plan, by the credentials of the environment. Nothing is made. */
export async function examineEc2(plan: Ec2Plan): Promise<Finding[]> {
  const aws = awsIn(plan.region);
  try {
    const zones = await asking(aws, () => zonesOf(aws));
    const offered = await asking(aws, () => Promise.all(typesOf(plan).map((type) => offering(aws, type, plan))));
    const answered = `EC2 in ${plan.region} answers with these credentials; zones ${zones.join(", ")}`;
    return [plugin(), { about: "AWS", verdict: "ok", seen: answered }, ...offered];
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    const { summary, details, fix } = error;
    return [plugin(), { about: "AWS", verdict: "problem", seen: [summary, ...details].join(" "), fix }];
  }
}

function plugin(): Finding {
  const { title: about, version } = awsPlugin();
  if (existsSync(toolFolder(homeFolder(), awsPlugin()))) return { about, verdict: "ok", seen: `${version} is there` };
  const fix = "`./drydock up` gets it, as does `./drydock setup`: downloaded, else built by Go in some minutes.";
  return { about, verdict: "warning", seen: `${version} is not there yet`, fix };
}

async function zonesOf({ ec2: client }: Aws): Promise<string[]> {
  const { AvailabilityZones = [] } = await client.send(new ec2.DescribeAvailabilityZonesCommand({}));
  return AvailabilityZones.flatMap(({ ZoneName }) => ZoneName ?? []).toSorted();
}

const typesOf = ({ hosts }: Ec2Plan) => [...new Set(hosts.map(({ instanceType }) => instanceType))];

/** Whether an instance type is to be had in the zones that the settings name, or in one at least. */
async function offering({ ec2: client }: Aws, type: string, { region, subnets }: Ec2Plan): Promise<Finding> {
  const { InstanceTypeOfferings = [] } = await client.send(
    new ec2.DescribeInstanceTypeOfferingsCommand({
      LocationType: "availability-zone",
      Filters: [{ Name: "instance-type", Values: [type] }],
    }),
  );
  const zones = InstanceTypeOfferings.flatMap(({ Location }) => Location ?? []).toSorted();
  const lacking = subnets.flatMap(({ zone }) => (zone === undefined || zones.includes(zone) ? [] : zone));
  const about = `instance type ${type}`;
  if (zones.length > 0 && lacking.length === 0) return { about, verdict: "ok", seen: `offered in ${zones.join(", ")}` };
  const seen = `not offered in ${lacking.length > 0 ? lacking.join(", ") : region}`;
  return { about, verdict: "problem", seen, fix: "Set another instanceType, or zones that have it, in drydock:ec2." };
}
