import { rm } from "node:fs/promises";
import * as ec2 from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { daemonConfig } from "../../components/hosts/daemonConfig.ts";
import { packages as ec2Packages } from "../../components/hosts/ec2/packages.ts";
import { vmFiles } from "../../components/hosts/vmFiles.ts";
import { audit } from "../../stacks/audit.ts";
import { tagsOf } from "../../stacks/ec2/tags.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeState, statePaths } from "../../stacks/stateFile.ts";
import { down } from "../../stacks/teardown.ts";
import { useEmulator } from "./support/emulator.ts";
import { EmulatedStack, noEmulatedStack } from "./support/emulatedStack.ts";
import { planter } from "./support/planted.ts";

/** cloud-init's, as far as it is read here. */
interface UserData {
  packages?: string[];
  package_update?: boolean;
  ssh_keys: { ed25519_private: string; ed25519_public: string };
  users: { ssh_authorized_keys: string[] }[];
  write_files: { path: string; content: string }[];
}

const reason = await noEmulatedStack();

/** The machines of a lab through Pulumi and the AWS provider: all that is between the plan and SSH. */
describe.skipIf(reason !== undefined)(`machines on an emulated EC2${reason ? ` (skipped: ${reason})` : ""}`, () => {
  useEmulator();

  const name = "t-machines";
  let stack: EmulatedStack;

  beforeAll(async () => {
    stack = await EmulatedStack.open(name, { lab: "overlay-vxlan" });
  });

  afterAll(() => stack.close());

  /** The same again changes nothing. */
  async function expectUnchanged(): Promise<void> {
    // The emulator tells a machine's groups by its interface alone, which EC2 does by both.
    const Groups = [(await stack.group()).GroupId ?? ""];
    for (const { InstanceId } of await stack.instances()) {
      await stack.client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, Groups }));
    }
    const { create, update, replace, delete: deleted } = await stack.up();
    expect({ create, update, replace, deleted }).toEqual({});
  }

  test("are made as planned", async () => {
    const changes = await stack.up();
    const plan = await stack.plan();

    expect(changes.create).toBeGreaterThan(15);
    const made = (await stack.instances()).map(
      ({ ImageId, PrivateIpAddress, InstanceType, MetadataOptions, Tags = [] }) => ({
        image: ImageId,
        address: PrivateIpAddress,
        type: InstanceType,
        tokens: MetadataOptions?.HttpTokens,
        hops: MetadataOptions?.HttpPutResponseHopLimit,
        name: Tags.find(({ Key }) => Key === "Name")?.Value,
      }),
    );
    expect(made.toSorted((one, other) => (one.name ?? "").localeCompare(other.name ?? ""))).toEqual(
      plan.hosts.map(({ address, container }) => ({
        image: "ami-0deb13a64000000aa",
        address,
        type: "t3.small",
        tokens: "required",
        hops: 1,
        name: container,
      })),
    );
    const { Volumes = [] } = await stack.client.send(new ec2.DescribeVolumesCommand({ Filters: [stack.filter] }));
    expect(Volumes.map(({ VolumeType, Encrypted, Size }) => [VolumeType, Encrypted, Size])).toEqual(
      plan.hosts.map(() => ["gp3", true, 20]),
    );
  });

  test("have the cloud-init of virtual machines, and beside it the names of the lab and packages", async () => {
    const plan = await stack.plan();
    for (const host of plan.hosts) {
      const instances = await stack.instances();
      const instance = instances.find(({ PrivateIpAddress }) => PrivateIpAddress === host.address);
      const { packages, package_update, ...handed } = parse(await stack.userData(instance ?? {})) as UserData;
      const { ed25519_private: privateKey, ed25519_public: publicKey } = handed.ssh_keys;
      const mirror = "mirror:5000";
      const [authorizedKey = ""] = handed.users[0]?.ssh_authorized_keys ?? [];
      const files = vmFiles({ plan, host, mirror, hostKey: { privateKey, publicKey }, authorizedKey });
      const machines = parse(files["/etc/drydock/seed/user-data"] ?? "") as UserData;

      expect({ packages, package_update }).toEqual({ packages: ec2Packages, package_update: true });
      const names = handed.write_files.find(({ path }) => path === "/etc/hosts")?.content;
      expect(names).toBe(plan.hosts.map(({ name, address }) => `${address} ${name}\n`).join(""));
      const alike = handed.write_files.filter(({ path }) => path !== "/etc/hosts");
      const withoutMirror = machines.write_files.map((file) =>
        file.path === "/etc/docker/daemon.json" ? { ...file, content: daemonConfig(plan) } : file,
      );
      expect({ ...handed, write_files: alike }).toEqual({ ...machines, write_files: withoutMirror });
    }
  });

  test("let one another in by what a Swarm needs, and the instructor by SSH, and nobody else", async () => {
    const { GroupId, IpPermissions = [] } = await stack.group();
    const whom = ({ IpRanges = [], UserIdGroupPairs = [] }: ec2.IpPermission) =>
      [...IpRanges.map(({ CidrIp }) => CidrIp), ...UserIdGroupPairs.map((pair) => pair.GroupId)].join();
    const rules = IpPermissions.map((rule) => `${rule.IpProtocol} ${rule.FromPort} from ${whom(rule)}`);

    expect(rules.toSorted()).toEqual([
      `50 0 from ${GroupId}`,
      "tcp 22 from 198.51.100.0/24",
      ...["tcp 2377", "tcp 7946", "udp 4789", "udp 7946"].map((port) => `${port} from ${GroupId}`),
    ]);
  });

  test("are left alone when nothing changed", async () => {
    await expectUnchanged();
  });

  test("have their firewall made good: a rule that is gone, and one that somebody added", async () => {
    const { GroupId, IpPermissions = [] } = await stack.group();
    const ssh = IpPermissions.filter(({ FromPort }) => FromPort === 22);
    const everybody = { IpProtocol: "tcp", FromPort: 2375, ToPort: 2375, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await stack.client.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ssh }));
    await stack.client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [everybody] }));

    await stack.up();

    const rules = ((await stack.group()).IpPermissions ?? []).map(
      ({ IpProtocol, FromPort }) => `${IpProtocol} ${FromPort}`,
    );
    expect(rules.toSorted()).toEqual(["50 0", "tcp 22", "tcp 2377", "tcp 7946", "udp 4789", "udp 7946"]);
  });

  test("run again where one was stopped, at the same address", async () => {
    const [stopped] = await stack.instances();
    await stack.client.send(new ec2.StopInstancesCommand({ InstanceIds: [stopped?.InstanceId ?? ""] }));

    await stack.up();

    const now = (await stack.instances()).find(({ InstanceId }) => InstanceId === stopped?.InstanceId);
    expect(now?.PrivateIpAddress).toBe(stopped?.PrivateIpAddress);
  });

  test("are made again where one was terminated, at the same address", async () => {
    const [gone] = await stack.instances();
    await stack.client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [gone?.InstanceId ?? ""] }));

    await stack.up();

    const made = await stack.instances();
    expect(made.map(({ InstanceId }) => InstanceId)).not.toContain(gone?.InstanceId);
    expect(made.map(({ PrivateIpAddress }) => PrivateIpAddress)).toContain(gone?.PrivateIpAddress);
    expect(made).toHaveLength(2);
    await expectUnchanged();
  });

  test("go by Pulumi, with what was made beside them", async () => {
    const plan = await stack.plan();
    await planter({ ...tagsOf(plan.labels), Name: "planted" }).volume();
    expect((await audit(name)).map(({ kind, name }) => `${kind} ${name}`)).toContain("volume planted");

    const { left, removed } = await down(name, { reporter: silentReporter });

    expect(left).toEqual([]);
    expect(removed).toEqual(expect.arrayContaining(["volume planted", `instance ${plan.hosts[0]?.container}`]));
    expect(await stack.instances().catch(() => [])).toEqual([]);
  });

  test("go by their tags when the state is lost", async () => {
    await stack.configure();
    await makeState("drydock", name);
    await stack.up();
    for (const path of await statePaths("drydock", name)) await rm(path, { recursive: true });

    const { left, removed } = await down(name, { reporter: silentReporter });

    expect(left).toEqual([]);
    expect(removed.filter((line) => line.startsWith("instance drydock"))).toHaveLength(2);
    await stack.configure();
    expect((await audit(name)).filter(({ kind }) => kind !== "file")).toEqual([]);
  });
});
