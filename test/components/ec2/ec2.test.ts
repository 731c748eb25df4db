import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { loadLab } from "../../../labs/index.ts";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import { checkout, homeLabel } from "../../../stacks/home.ts";
import { stackOutputs } from "../../../stacks/outputs.ts";
import { planStack, type Plan } from "../../../stacks/plan.ts";
import { configOf } from "../../stacks/arbitraries.ts";
import { answers, canary, declareLab, plainTexts, valueOf, type Declared } from "../declare.ts";

const region = "eu-central-1";
const settings = { region, sshFrom: "198.51.100.0/24" };

beforeAll(() => {
  vi.stubEnv("DRYDOCK_HOME", "/home/learner/.drydock");
});

afterAll(() => {
  vi.unstubAllEnvs();
});

const lab = "swarm-failover";
const declareOn = (ec2: Record<string, unknown> = {}, more: Record<string, string> = {}) =>
  declareLab(lab, { target: "ec2", ec2: JSON.stringify({ ...settings, ...ec2 }), ...more });
const ofType = (declared: Declared[], type: string) =>
  declared.filter((resource) => resource.type.endsWith(`:${type}`));
const one = (declared: Declared[], type: string): Declared => {
  const [found, ...others] = ofType(declared, type);
  expect(others).toEqual([]);
  if (found === undefined) throw new Error(`no ${type} was declared`);
  return found;
};

describe("a stack on EC2", () => {
  let declared: Declared[];
  let plan: Plan;
  let outputs: Awaited<ReturnType<typeof declareLab>>["outputs"];

  beforeAll(async () => {
    ({ declared, outputs } = await declareOn({}, { expiry: "2099-12-31", learner: "ada" }));
    const config = configOf({ lab: "some-lab", target: "ec2", ec2: settings, expiry: "2099-12-31", learner: "ada" });
    plan = planStack({ project: "drydock", stack: "dev", config, lab: loadLab(lab).lab, home: homeLabel() });
  });

  test("has nothing of a container's engine, and every resource goes to the region's provider", () => {
    const fromAws = declared.filter(({ type }) => type.startsWith("aws:"));
    const provider = one(declared, "aws");

    expect(provider.inputs.region).toBe(region);
    expect(fromAws.length).toBeGreaterThan(0);
    expect(new Set(fromAws.map((resource) => resource.provider))).toEqual(new Set([`${provider.urn}::id-aws`]));
    expect(declared.filter(({ type }) => /docker:|HostContainer|LabBridge|LabImages/.test(type))).toEqual([]);
  });

  test("has the hosts pull the lab's images, and carries them over only when told to build them", async () => {
    const sources = (all: Declared[]) => new Set(ofType(all, "HostImages").map(({ inputs }) => inputs.source));

    expect(ofType(declared, "HostImages")).toHaveLength(plan.hosts.length);
    expect(sources(declared)).toEqual(new Set(["registry"]));
    expect(sources((await declareOn({}, { images: "bootstrap" })).declared)).toEqual(new Set(["bootstrap"]));
  });

  test("all that is declared and asked is served by the plugin that is built where none can be downloaded", () => {
    const plugin = readFileSync(join(checkout, "toolchain", "aws", "main.go"), "utf8");
    const served = [...plugin.matchAll(/"(aws:[^"]+)"/g)].map(([, token]) => token);
    const used = declared.map(({ type }) => type).filter((type) => type.startsWith("aws:"));

    expect(served.toSorted()).toEqual([...new Set([...used, ...Object.keys(answers)])].toSorted());
  });

  test("every resource has a name of its own, and a parent that is there", () => {
    const urns = declared.map(({ urn }) => urn);

    expect(urns).toEqual([...new Set(urns)]);
    expect(declared.filter(({ parent }) => !urns.includes(parent)).map(({ name }) => name)).toEqual([lab]);
  });

  test("all that has tags carries the stack's labels, expiry and learner among them, the disks too", () => {
    const untagged = ["RouteTableAssociation", "InstanceState"];
    const tagged = declared.filter(
      ({ type }) => type.startsWith("aws:") && !untagged.some((name) => type.endsWith(`:${name}`)),
    );
    const own = tagsOf(plan.labels);

    expect(own).toMatchObject({ "drydock.expiry": "2099-12-31T23:59:59.000Z", "drydock.learner": "ada" });
    for (const { name, inputs } of tagged) expect(inputs.tags, name).toMatchObject(own);
    for (const { inputs } of ofType(declared, "Instance")) {
      const { tags, rootBlockDevice } = inputs as { tags: Record<string, string>; rootBlockDevice: { tags: unknown } };
      expect(rootBlockDevice.tags).toEqual(tags);
      expect(tags["drydock.host"]).toBe(tags.Name?.replace("drydock-dev-", ""));
    }
  });

  test("the VPC is the lab network, with a subnet for each of the lab's zones and a way out", () => {
    const vpc = one(declared, "Vpc");
    const subnets = ofType(declared, "Subnet");

    expect(vpc.inputs.cidrBlock).toBe(plan.network.subnet);
    expect(subnets.map(({ inputs }) => [inputs.cidrBlock, inputs.availabilityZone, inputs.vpcId])).toEqual(
      plan.ec2?.subnets.map(({ cidr }, index) => [cidr, `${region}${"abc"[index]}`, "id-network"]),
    );
    expect(subnets).toHaveLength(3);
    expect(one(declared, "RouteTable").inputs.routes).toEqual([
      { cidrBlock: "0.0.0.0/0", gatewayId: "id-network-gateway" },
    ]);
    expect(ofType(declared, "RouteTableAssociation").map(({ inputs }) => inputs.subnetId)).toEqual(
      subnets.map(({ name }) => `id-${name}`),
    );
  });

  test("SSH is open to the instructor's range alone, Swarm's ports and ESP within the group alone", () => {
    const { ingress } = one(declared, "SecurityGroup").inputs as { ingress: Record<string, unknown>[] };
    const inWords = ({ protocol, fromPort, toPort, cidrBlocks, self, ...rest }: Record<string, unknown>) => {
      expect(Object.keys(rest)).toEqual(["description"]);
      const from = [...((cidrBlocks as string[] | undefined) ?? []), ...(self ? ["group"] : [])];
      return `${String(protocol)} ${String(fromPort)}-${String(toPort)} from ${from.join(", ")}`;
    };

    expect(ingress.map(inWords).toSorted()).toEqual([
      "50 0-0 from group",
      "tcp 22-22 from 198.51.100.0/24",
      "tcp 2377-2377 from group",
      "tcp 7946-7946 from group",
      "udp 4789-4789 from group",
      "udp 7946-7946 from group",
    ]);
  });

  test("the hosts are instances with an address that stays, IMDSv2 one hop far, and an encrypted gp3 disk", () => {
    const instances = ofType(declared, "Instance");

    expect(instances.map(({ inputs }) => inputs)).toMatchObject(
      plan.hosts.map(({ address }, index) => ({
        ami: "ami-0newest",
        instanceType: "t3.small",
        privateIp: address,
        subnetId: `id-network-subnet-${plan.ec2?.hosts[index]?.subnet}`,
        vpcSecurityGroupIds: ["id-network-firewall"],
        keyName: "key-hosts-key",
        iamInstanceProfile: "profile-hosts-profile",
        metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1, httpEndpoint: "enabled" },
        rootBlockDevice: { volumeType: "gp3", volumeSize: 20, encrypted: true, deleteOnTermination: true },
      })),
    );
    for (const { inputs } of instances) expect(inputs).not.toHaveProperty("instanceMarketOptions");
  });

  test("the instances' role has no right", () => {
    const role = one(declared, "Role");

    expect(JSON.parse(role.inputs.assumeRolePolicy as string)).toMatchObject({
      Statement: [{ Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    expect(role.inputs).not.toHaveProperty("managedPolicyArns");
    expect(role.inputs).not.toHaveProperty("inlinePolicies");
    expect(declared.filter(({ type }) => type.includes("Policy"))).toEqual([]);
    expect(one(declared, "InstanceProfile").inputs.role).toBe("role-hosts-role");
  });

  test("cloud-init gives a host its name, its pinned key, the learner's key, its engine and the others' names", () => {
    for (const { name, inputs, secrets } of ofType(declared, "Instance")) {
      const userData = inputs.userData as string;
      const config = parse(userData) as Record<string, unknown> & { write_files: { path: string; content: string }[] };
      const file = (path: string) => config.write_files.find((entry) => entry.path === path)?.content ?? "";

      expect(secrets).toContain("userData");
      expect(userData.startsWith("#cloud-config\n")).toBe(true);
      expect(Buffer.byteLength(userData)).toBeLessThan(16_384);
      expect(config).toMatchObject({
        hostname: name,
        ssh_pwauth: false,
        ssh_keys: {
          ed25519_private: `${canary} of ${name}-identity`,
          ed25519_public: `ssh-ed25519 PUBLIC-${name}-identity`,
        },
        users: [{ name: "root", ssh_authorized_keys: ["ssh-ed25519 PUBLIC-access"] }],
        packages: expect.arrayContaining(["docker.io", "docker-compose"]) as unknown,
      });
      expect(JSON.parse(file("/etc/docker/daemon.json"))).toMatchObject({ bip: plan.enginePool.bip });
      expect(file("/etc/docker/daemon.json")).not.toContain("registry-mirrors");
      expect(file("/etc/hosts").split("\n").filter(Boolean)).toEqual(
        plan.hosts.map((host) => `${host.address} ${host.name}`),
      );
    }
  });

  test("a host is reached at its public address with its pinned key, also by the learner's own ssh", () => {
    const ssh = (name: string) => ({ host: "203.0.113.7", port: 22, hostKey: `ssh-ed25519 PUBLIC-${name}-identity` });

    expect(ofType(declared, "HostReady").map(({ inputs }) => inputs)).toMatchObject(
      plan.hosts.map(({ name }) => ({ host: name, containerId: `id-${name}`, ssh: { ...ssh(name), user: "root" } })),
    );
    expect(one(declared, "AccessFiles").inputs.hosts).toEqual(
      plan.hosts.map(({ name, container }) => ({ alias: container, ...ssh(name) })),
    );
  });

  test("no private key is anywhere but under a mark of secrecy", () => {
    expect(JSON.stringify(declared.map(({ raw }) => raw))).toContain(canary);
    for (const { name, raw } of declared) expect(plainTexts(raw).join("\n"), name).not.toContain(canary);
  });

  test("the outputs are whole, and public", async () => {
    expect(await pulumi.isSecret(outputs)).toBe(false);
    const value = await valueOf(outputs);

    expect(stackOutputs.parse(value)).toEqual(value);
    expect(value.network).toMatchObject({ driver: "vpc", subnet: plan.network.subnet });
    expect(value.hosts.map(({ name, address }) => [name, address])).toEqual(
      plan.hosts.map(({ name, address }) => [name, address]),
    );
  });

  test("what lives inside hosts goes with the VPC", () => {
    const nodes = ofType(declared, "SwarmNode");

    expect(nodes).toHaveLength(plan.hosts.length);
    for (const { deletedWith } of nodes) expect(deletedWith).toBe(one(declared, "Vpc").urn);
  });
});

test("what the settings name is taken: type, image, zones, disk and spot", async () => {
  const { declared } = await declareOn({
    instanceType: "t4g.medium",
    ami: "ami-0123456789abcdef0",
    zones: ["eu-central-1b", "eu-central-1c"],
    diskGib: 40,
    spot: true,
  });

  expect(ofType(declared, "Subnet").map(({ inputs }) => inputs.availabilityZone)).toEqual([
    "eu-central-1b",
    "eu-central-1c",
  ]);
  for (const { inputs } of ofType(declared, "Instance")) {
    expect(inputs).toMatchObject({
      ami: "ami-0123456789abcdef0",
      instanceType: "t4g.medium",
      instanceMarketOptions: { marketType: "spot" },
      rootBlockDevice: { volumeSize: 40 },
    });
  }
});
