import { paginateDescribeVpcs } from "@aws-sdk/client-ec2";
import { slotOf } from "../block.ts";
import { cidr, overlaps } from "../cidr.ts";
import { setFix } from "../configProblems.ts";
import { isOwn } from "../labels.ts";
import { MachineError } from "../machineError.ts";
import { freeBlock, type OccupiedBlock } from "../occupied.ts";
import type { Plan } from "../plan.ts";
import { described } from "../world.ts";
import { asking, awsIn, tagRecord } from "./aws.ts";
import { pages } from "./kind.ts";
import { labelsOf } from "./tags.ts";

/** Longest that a region may take to list its VPCs, in milliseconds: without credentials the look for some takes a while. */
const deadlineMs = 10_000;

/**
 * The addresses that VPCs of a region have, but for those whose labels `isOurs` picks.
 * @throws MachineError when AWS cannot be asked.
 */
export async function vpcBlocks(
  region: string,
  isOurs: (labels: Record<string, string>) => boolean,
): Promise<OccupiedBlock[]> {
  const aws = awsIn(region);
  const options = { abortSignal: AbortSignal.timeout(deadlineMs) };
  const vpcs = await asking(aws, () =>
    pages(paginateDescribeVpcs({ client: aws.ec2 }, {}, options), ({ Vpcs }) => Vpcs),
  );
  return vpcs.flatMap(({ VpcId = "", Tags, CidrBlockAssociationSet = [] }) => {
    const labels = labelsOf(tagRecord(Tags));
    if (isOurs(labels)) return [];
    const holder = `${described("VPC", { name: VpcId, labels })} in ${region}`;
    return CidrBlockAssociationSet.flatMap(({ CidrBlock: block }) =>
      block === undefined ? [] : [{ block: cidr(block), holder: `${holder} (${block})` }],
    );
  });
}

/** What is wrong with a plan whose addresses a VPC of the region has, naming both. @throws MachineError when AWS cannot be asked. */
export async function vpcClash({ project, stack, addresses, labels, ec2 }: Plan): Promise<MachineError | undefined> {
  if (ec2 === undefined) return undefined;
  const occupied = await vpcBlocks(ec2.region, (theirs) => isOwn(theirs, labels));
  const clashing = occupied.filter(({ block }) => overlaps(block, cidr(addresses)));
  if (clashing.length === 0) return undefined;
  const free = freeBlock(occupied, slotOf(project, stack));
  return new MachineError(`Stack ${stack} would have addresses that another VPC has; nothing was made.`, {
    details: clashing.map(({ holder }) => `drydock:addresses ${addresses}: ${holder}`),
    fix: free === undefined ? "Remove it: no other block is free." : setFix("addresses", free, stack),
  });
}

/** Refuses a plan whose addresses a VPC of the region has. @throws MachineError; nothing was made then. */
export async function refuseVpcClashes(plan: Plan): Promise<void> {
  const clash = await vpcClash(plan);
  if (clash) throw clash;
}
