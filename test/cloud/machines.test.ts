import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environment } from "../../setup/environment.ts";
import { homeStep } from "../../setup/homeStep.ts";
import { toolStep } from "../../setup/toolStep.ts";
import { awsPlugin, toolFolder, tools } from "../../setup/tools.ts";
import { audit } from "../../stacks/audit.ts";
import { tagsOf } from "../../stacks/ec2/tags.ts";
import { checkout, homeFolder } from "../../stacks/home.ts";
import { followEvents } from "../../stacks/pulumiEvents.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack, pulumiSettings } from "../../stacks/stack.ts";
import { makeState, statePaths } from "../../stacks/stateFile.ts";
import { down } from "../../stacks/teardown.ts";
import { quietSay } from "../setup/quietSay.ts";
import { noEmulator, region, useEmulator } from "./support/emulator.ts";
import { planter } from "./support/planted.ts";

const realHome = homeFolder();
const plugin = existsSync(toolFolder(realHome, awsPlugin()))
  ? undefined
  : "the plugin aws is not there: `./drydock test --cloud` gets it";
const reason = (await noEmulator()) ?? plugin;

/** The machines of a lab through Pulumi and the AWS provider: all that is between the plan and SSH. */
describe.skipIf(reason !== undefined)(`machines on an emulated EC2${reason ? ` (skipped: ${reason})` : ""}`, () => {
  useEmulator();

  const stack = "t-machines";
  const before = { ...process.env };
  let root: string;
  let client: ec2.EC2Client;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "drydock-test-"));
    const home = join(root, "drydock");
    await mkdir(home, { mode: 0o700 });
    await symlink(join(realHome, "tools"), join(home, "tools"));
    Object.assign(process.env, { DRYDOCK_HOME: home, HOME: root, DOCKER_CONFIG: join(root, ".docker") });
    await homeStep(home).make(quietSay);
    for (const tool of [...tools(), awsPlugin()]) await toolStep(home, tool).make(quietSay);
    client = new ec2.EC2Client({ region });
    await configure();
    await makeState("drydock", stack);
  });

  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, before);
    await rm(root, { recursive: true, force: true });
  });

  const configure = () =>
    makeOwnSettings(stack, { lab: "overlay-vxlan", target: "ec2", ec2: { region, sshFrom: "198.51.100.0/24" } });

  /** Brings the machines up, and answers how many resources were created, updated, deleted and so on. */
  async function up(): Promise<Partial<Record<string, number>>> {
    const log = join(root, "events");
    await rm(log, { force: true });
    const events = followEvents(log, () => undefined);
    const env = { ...environment(homeFolder()), PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_DEBUG_COMMANDS: "true" };
    const { all, exitCode } = await execa(
      "pulumi",
      [
        ...["up", "--yes", "--skip-preview", "--non-interactive", "--refresh", "--event-log", log],
        ...["--stack", stack, "--config-file", await pulumiSettings(stack)],
      ],
      { cwd: join(checkout, "test", "cloud", "ground"), env, all: true, reject: false, timeout: 150_000 },
    );
    const { changes } = await events.end();
    expect(`${exitCode} ${exitCode === 0 ? "" : all}`).toBe("0 ");
    return changes;
  }

  const ownTags = async () => {
    const { plan } = await openStack(stack);
    return { plan, filter: { Name: "tag:drydock.stack", Values: [plan.stack] } };
  };

  async function instances(): Promise<ec2.Instance[]> {
    const { filter } = await ownTags();
    const running = { Name: "instance-state-name", Values: ["pending", "running"] };
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({ Filters: [filter, running] }));
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  async function group(): Promise<ec2.SecurityGroup> {
    const { filter } = await ownTags();
    const { SecurityGroups = [] } = await client.send(new ec2.DescribeSecurityGroupsCommand({ Filters: [filter] }));
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0] ?? {};
  }

  /** The same again changes nothing. */
  async function expectUnchanged(): Promise<void> {
    // The emulator tells a machine's groups by its interface alone, which EC2 does by both.
    const Groups = [(await group()).GroupId ?? ""];
    for (const { InstanceId } of await instances()) {
      await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, Groups }));
    }
    const { create, update, replace, delete: deleted } = await up();
    expect({ create, update, replace, deleted }).toEqual({});
  }

  test("are made as planned", async () => {
    const changes = await up();
    const { plan } = await ownTags();

    expect(changes.create).toBeGreaterThan(15);
    const made = (await instances()).map(({ ImageId, PrivateIpAddress, InstanceType, MetadataOptions, Tags = [] }) => ({
      image: ImageId,
      address: PrivateIpAddress,
      type: InstanceType,
      tokens: MetadataOptions?.HttpTokens,
      hops: MetadataOptions?.HttpPutResponseHopLimit,
      name: Tags.find(({ Key }) => Key === "Name")?.Value,
    }));
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
    const rules = (await group()).IpPermissions ?? [];
    expect(rules.flatMap(({ FromPort, IpRanges = [] }) => IpRanges.map(({ CidrIp }) => [FromPort, CidrIp]))).toEqual([
      [22, "198.51.100.0/24"],
    ]);
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ Filters: [(await ownTags()).filter] }));
    expect(Volumes.map(({ VolumeType, Encrypted, Size }) => [VolumeType, Encrypted, Size])).toEqual(
      plan.hosts.map(() => ["gp3", true, 20]),
    );
  });

  test("are left alone when nothing changed", async () => {
    await expectUnchanged();
  });

  test("have their firewall made good: a rule that is gone, and one that somebody added", async () => {
    const { GroupId, IpPermissions = [] } = await group();
    const ssh = IpPermissions.filter(({ FromPort }) => FromPort === 22);
    const everybody = { IpProtocol: "tcp", FromPort: 2375, ToPort: 2375, IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
    await client.send(new ec2.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: ssh }));
    await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [everybody] }));

    await up();

    const rules = ((await group()).IpPermissions ?? []).map(({ IpProtocol, FromPort }) => `${IpProtocol} ${FromPort}`);
    expect(rules.toSorted()).toEqual(["50 0", "tcp 22", "tcp 2377", "tcp 7946", "udp 4789", "udp 7946"]);
  });

  test("run again where one was stopped", async () => {
    const [stopped] = await instances();
    await client.send(new ec2.StopInstancesCommand({ InstanceIds: [stopped?.InstanceId ?? ""] }));

    await up();

    expect((await instances()).map(({ InstanceId }) => InstanceId)).toContain(stopped?.InstanceId);
  });

  test("are made again where one was terminated, at the same address", async () => {
    const [gone] = await instances();
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [gone?.InstanceId ?? ""] }));

    await up();

    const made = await instances();
    expect(made.map(({ InstanceId }) => InstanceId)).not.toContain(gone?.InstanceId);
    expect(made.map(({ PrivateIpAddress }) => PrivateIpAddress)).toContain(gone?.PrivateIpAddress);
    expect(made).toHaveLength(2);
    await expectUnchanged();
  });

  test("go by Pulumi, with what was made beside them", async () => {
    const { plan } = await ownTags();
    await planter({ ...tagsOf(plan.labels), Name: "planted" }).volume();
    expect((await audit(stack)).map(({ kind, name }) => `${kind} ${name}`)).toContain("volume planted");

    const { left, removed } = await down(stack, { reporter: silentReporter });

    expect(left).toEqual([]);
    expect(removed).toEqual(expect.arrayContaining(["volume planted", `instance ${plan.hosts[0]?.container}`]));
    expect(await instances().catch(() => [])).toEqual([]);
  });

  test("go by their tags when the state is lost", async () => {
    await configure();
    await makeState("drydock", stack);
    await up();
    for (const path of await statePaths("drydock", stack)) await rm(path, { recursive: true });

    const { left, removed } = await down(stack, { reporter: silentReporter });

    expect(left).toEqual([]);
    expect(removed.filter((line) => line.startsWith("instance drydock"))).toHaveLength(2);
    await configure();
    expect((await audit(stack)).filter(({ kind }) => kind !== "file")).toEqual([]);
  });
});
