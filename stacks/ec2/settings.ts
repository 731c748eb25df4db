import { z } from "zod";
import { enclosing, formatCidr, parseCidr } from "../cidr.ts";
import { fromJson, fromScalar, number, settingMeta, text } from "../setting.ts";
import { maxSubnets } from "./zones.ts";

/** Ranges wider than this are no instructor's: a /8 is the widest that was ever given to anybody. */
const widestBits = 8;

const boolean = () => z.preprocess(fromJson, z.boolean()).default(false);

const region = /^[a-z]{2}(-[a-z]+)+-\d$/;
const zone = /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/;
const instanceType = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

/** `drydock:ec2`. */
export const ec2Shape = z
  .strictObject({
    region: text(region).register(settingMeta, {
      description: "The region of EC2.",
      allowed: "a region's name, such as eu-central-1",
      absence: "required",
      examples: ["eu-central-1"],
    }),
    sshFrom: z
      .preprocess(fromScalar, z.string())
      .refine((range) => parseCidr(range) !== undefined)
      .transform(network)
      .register(settingMeta, {
        description: "Who may reach the hosts' SSH; nothing else of them can be reached from outside.",
        allowed:
          "an IPv4 address, or a range in CIDR no wider than a /8; wider ones, 0.0.0.0/0 among them, with sshFromAnywhere: true",
        absence: "required",
        examples: ["198.51.100.0/24"],
      }),
    sshFromAnywhere: boolean().register(settingMeta, {
      description: "Allows an sshFrom that is everybody's.",
      allowed: "true or false",
      examples: [true],
    }),
    instanceType: text(instanceType)
      .optional()
      .register(settingMeta, {
        description: "The type of every host.",
        allowed: "an instance type, such as t3.medium",
        absence: "the smallest t3 that has a host's memoryMib and 512 MiB for its system",
        examples: ["t3.medium"],
      }),
    ami: text(/^ami-[0-9a-f]{8,17}$/)
      .optional()
      .register(settingMeta, {
        description: "The image of every host: Debian 13 with cloud-init, for the instance type's processor.",
        allowed: "an AMI's id",
        absence: "the newest Debian 13 that Debian publishes when a host is made",
        examples: ["ami-0123456789abcdef0"],
      }),
    zones: z
      .preprocess(fromJson, z.array(text(zone)).min(1).max(maxSubnets))
      .refine((zones) => new Set(zones).size === zones.length)
      .optional()
      .register(settingMeta, {
        description:
          "The availability zones that the hosts are spread over, by the lab's zone labels where it has some.",
        allowed: `a list of 1 to ${maxSubnets} different zones of the region`,
        absence: "zones that offer the instance types, as many as the lab has zone labels, or one",
        examples: [["eu-central-1a", "eu-central-1b"]],
      }),
    spot: boolean().register(settingMeta, {
      description: "Makes spot instances, which are cheaper and which AWS may take back with all that is on them.",
      allowed: "true or false",
      examples: [true],
    }),
    diskGib: number(z.int().min(8).max(16_384))
      .default(20)
      .register(settingMeta, {
        description: "Size of each host's encrypted disk in GiB.",
        allowed: "a whole number of GiB from 8 to 16384",
        examples: [20],
      }),
    prices: z
      .preprocess(fromJson, z.record(z.string().regex(instanceType), number(z.number().positive())))
      .optional()
      .register(settingMeta, {
        description: "What a host costs in USD per hour by its instance type, its disk and its address included.",
        allowed: "a map of instance types to numbers above 0",
        absence: "what AWS's price list says, where it can be reached",
        examples: [{ "t3.small": 0.03 }],
      }),
  })
  .refine(({ sshFrom, sshFromAnywhere }) => sshFromAnywhere || (parseCidr(sshFrom)?.bits ?? 0) >= widestBits, {
    path: ["sshFrom"],
  });

export type Ec2Settings = z.output<typeof ec2Shape>;

/** A range without host bits, which EC2 would drop. */
function network(text: string): string {
  const range = parseCidr(text);
  return range === undefined ? text : formatCidr(enclosing(range, range.bits));
}
