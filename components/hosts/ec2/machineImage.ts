import { getAmiOutput } from "@pulumi/aws/ec2/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "../../../stacks/ec2/instanceTypes.ts";

/** Debian's account, from which it publishes its images: https://wiki.debian.org/Cloud/AmazonEC2Image */
const debian = "136693071363";

/** The newest image of Debian 13 for a processor. */
export function newestDebian(architecture: Architecture, opts: pulumi.InvokeOptions): pulumi.Output<string> {
  const filters = [
    { name: "name", values: [`debian-13-${architecture}-*`] },
    { name: "virtualization-type", values: ["hvm"] },
    { name: "root-device-type", values: ["ebs"] },
  ];
  return getAmiOutput({ mostRecent: true, owners: [debian], filters }, opts).id;
}
