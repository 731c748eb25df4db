import { expect, test } from "vitest";
import { ConfigError, parseConfig } from "../../../stacks/config.ts";

const region = "eu-central-1";
const parse = (ec2: unknown, more: Record<string, unknown> = {}) =>
  parseConfig(
    { "drydock:lab": "some-lab", "drydock:target": "ec2", "drydock:ec2": ec2, ...more },
    { stack: "dev", labs: ["some-lab"] },
  );

/** The paths of a refusal. */
function faults(...given: Parameters<typeof parse>): string[] {
  try {
    parse(...given);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path }) => path);
    throw error;
  }
}

test("region and range are enough, from a value or as text", () => {
  const given = { region, sshFrom: "198.51.100.7" };
  const expected = { region, sshFrom: "198.51.100.7/32", sshFromAnywhere: false, spot: false, diskGib: 20 };

  expect(parse(given).ec2).toEqual(expected);
  expect(parse(JSON.stringify(given)).ec2).toEqual(expected);
});

test("a range loses its host bits, as EC2 would drop them", () => {
  expect(parse({ region, sshFrom: "198.51.100.7/24" }).ec2?.sshFrom).toBe("198.51.100.0/24");
});

test.each(["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/7"])(
  "everybody's range %s is refused unless it is forced",
  (sshFrom) => {
    expect(faults({ region, sshFrom })).toEqual(["drydock:ec2.sshFrom"]);
    expect(faults({ region, sshFrom, sshFromAnywhere: true })).toEqual([]);
  },
);

test.each(["::/0", "2001:db8::/32", "home", ""])("what is no IPv4 range is refused: %s", (sshFrom) => {
  expect(faults({ region, sshFrom, sshFromAnywhere: true })).toEqual(["drydock:ec2.sshFrom"]);
});

test("all that is wrong is told at once", () => {
  expect(
    faults(
      {
        region: "Frankfurt",
        instanceType: "big",
        ami: "debian",
        zones: ["eu-central-1a", "eu-central-1a"],
        diskGib: 1,
        prices: { "t3.small": -1 },
      },
      { "drydock:budget": 0 },
    ).toSorted(),
  ).toEqual([
    "drydock:budget",
    "drydock:ec2.ami",
    "drydock:ec2.diskGib",
    "drydock:ec2.instanceType",
    "drydock:ec2.prices",
    "drydock:ec2.region",
    "drydock:ec2.sshFrom",
    "drydock:ec2.zones",
  ]);
});

test("a range that is none is told of once", () => {
  expect(faults({ region, sshFrom: "home" })).toEqual(["drydock:ec2.sshFrom"]);
});

test("an engine and EC2 do not go together", () => {
  const ec2 = { region, sshFrom: "198.51.100.0/24" };
  expect(() => parse(ec2, { "drydock:engine": "ssh://root@lab1" })).toThrow(
    /drydock:engine: received "ssh:\/\/root@lab1"; allowed: none with drydock:target ec2: these do not go together/,
  );
});

test("the target without its settings is refused, with what to write", () => {
  expect(() => parse(undefined)).toThrow(
    'Set drydock:ec2 to {"region":"eu-central-1","sshFrom":"198.51.100.0/24"} in Pulumi.dev.yaml.',
  );
});
