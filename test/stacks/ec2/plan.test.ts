import { expect, test } from "vitest";
import { architectureOf, typeFor } from "../../../stacks/ec2/instanceTypes.ts";
import { configOf, planOf } from "../arbitraries.ts";

const onEc2 = (more: Record<string, unknown> = {}, ec2: Record<string, unknown> = {}) =>
  configOf({ target: "ec2", ec2: { region: "eu-central-1", sshFrom: "198.51.100.0/24", ...ec2 }, ...more });

test("a stack of containers has nothing of EC2, whatever the settings have", () => {
  expect(planOf("dev", ["one"], { config: onEc2({ target: "container" }) })).toMatchObject({
    target: "container",
    ec2: undefined,
  });
});

test("hosts have the addresses of their subnets, and sshd's own port", () => {
  const { hosts, ec2 } = planOf("dev", ["one", "two"], {
    config: onEc2({ addresses: "10.192.0.0/19" }, { zones: ["eu-central-1a", "eu-central-1b"] }),
  });

  expect(hosts.map(({ address, sshPort }) => [address, sshPort])).toEqual([
    ["10.192.0.11", 22],
    ["10.192.0.76", 22],
  ]);
  expect(ec2?.subnets).toEqual([
    { cidr: "10.192.0.0/26", zone: "eu-central-1a" },
    { cidr: "10.192.0.64/26", zone: "eu-central-1b" },
  ]);
});

test("a host gets the smallest type that has its memory and its system's", () => {
  expect([128, 1024, 1536, 1537, 8192, 32_256].map(typeFor)).toEqual([
    "t3.small",
    "t3.small",
    "t3.small",
    "t3.medium",
    "t3.xlarge",
    "t3.2xlarge",
  ]);
  expect(() => planOf("dev", ["one"], { config: onEc2({ hosts: { memoryMib: 40_000 } }) })).toThrow(
    "Host one wants 40000 MiB of memory",
  );
});

test.each([
  ["t3.small", "amd64"],
  ["m6i.large", "amd64"],
  ["g4dn.xlarge", "amd64"],
  ["t4g.small", "arm64"],
  ["m7gd.large", "arm64"],
  ["is4gen.medium", "arm64"],
  ["a1.medium", "arm64"],
])("%s wants Debian for %s", (type, architecture) => {
  expect(architectureOf(type)).toBe(architecture);
});
