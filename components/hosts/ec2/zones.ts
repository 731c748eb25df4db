import { getInstanceTypeOfferingsOutput } from "@pulumi/aws/ec2/index.js";
import * as pulumi from "@pulumi/pulumi";

/** The zones of a region that offer all of some instance types, in their order. Local zones are none of them. */
export function zonesOffering(
  region: string,
  instanceTypes: readonly string[],
  opts: pulumi.InvokeOptions,
): pulumi.Output<string[]> {
  const offered = instanceTypes.map((type) =>
    getInstanceTypeOfferingsOutput(
      { locationType: "availability-zone", filters: [{ name: "instance-type", values: [type] }] },
      opts,
    ),
  );
  return pulumi.all(offered.map(({ locations }) => locations)).apply((lists) => {
    const ofRegion = new RegExp(`^${region}[a-z]$`);
    const [first = [], ...others] = lists;
    const zones = first.filter((zone) => ofRegion.test(zone) && others.every((list) => list.includes(zone)));
    if (zones.length > 0) return zones.toSorted();
    throw new Error(`no zone of ${region} offers ${instanceTypes.join(" and ")}: set instanceType of drydock:ec2`);
  });
}
