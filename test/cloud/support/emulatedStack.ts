import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as ec2 from "@aws-sdk/client-ec2";
import { execa } from "execa";
import { expect } from "vitest";
import { environment } from "../../../setup/environment.ts";
import { homeStep } from "../../../setup/homeStep.ts";
import { toolStep } from "../../../setup/toolStep.ts";
import { awsPlugin, toolFolder, tools } from "../../../setup/tools.ts";
import { checkout, homeFolder } from "../../../stacks/home.ts";
import type { Plan } from "../../../stacks/plan.ts";
import { followEvents } from "../../../stacks/pulumiEvents.ts";
import { makeOwnSettings, openStack, pulumiSettings } from "../../../stacks/stack.ts";
import { makeState } from "../../../stacks/stateFile.ts";
import { quietSay } from "../../setup/quietSay.ts";
import { noEmulator, region } from "./emulator.ts";

const realHome = homeFolder();

/** Why no stack can be made on the emulator here; undefined when one can. */
export async function noEmulatedStack(): Promise<string | undefined> {
  const plugin = existsSync(toolFolder(realHome, awsPlugin()))
    ? undefined
    : "the plugin aws is not there: `./drydock test --cloud` gets it";
  return (await noEmulator()) ?? plugin;
}

/** Longest that Pulumi may take, in milliseconds; on a machine that does much else it takes minutes. */
const deadlineMs = 240_000;

/** A stack whose machines Pulumi makes on the emulator, in a home of its own; SSH is not waited for, which there is none of. */
export class EmulatedStack {
  readonly name: string;
  readonly client = new ec2.EC2Client({ region });
  readonly #settings: Record<string, unknown>;
  readonly #root: string;
  readonly #before = { ...process.env };

  private constructor(name: string, settings: Record<string, unknown>, root: string) {
    this.name = name;
    this.#settings = settings;
    this.#root = root;
  }

  /** Makes the home, which is this process's until the stack is closed. */
  static async open(name: string, settings: Record<string, unknown>): Promise<EmulatedStack> {
    const root = await mkdtemp(join(tmpdir(), "drydock-test-"));
    const stack = new EmulatedStack(name, settings, root);
    const home = join(root, "drydock");
    await mkdir(home, { mode: 0o700 });
    await symlink(join(realHome, "tools"), join(home, "tools"));
    Object.assign(process.env, { DRYDOCK_HOME: home, HOME: root, DOCKER_CONFIG: join(root, ".docker") });
    await homeStep(home).make(quietSay);
    for (const tool of [...tools(), awsPlugin()]) await toolStep(home, tool).make(quietSay);
    await stack.configure();
    await makeState("drydock", name);
    return stack;
  }

  async close(): Promise<void> {
    for (const name of Object.keys(process.env)) {
      if (!(name in this.#before)) Reflect.deleteProperty(process.env, name);
    }
    Object.assign(process.env, this.#before);
    await rm(this.#root, { recursive: true, force: true });
  }

  /** Writes its settings, which `down` removes. */
  configure(): Promise<unknown> {
    const settings = { target: "ec2", ec2: { region, sshFrom: "198.51.100.0/24" }, ...this.#settings };
    return makeOwnSettings(this.name, settings);
  }

  /** Brings the machines up, and answers how many resources were created, updated, deleted and so on. */
  async up(): Promise<Partial<Record<string, number>>> {
    const log = join(this.#root, "events");
    await rm(log, { force: true });
    const events = followEvents(log, () => undefined);
    const settings = ["--stack", this.name, "--config-file", await pulumiSettings(this.name)];
    const { all, exitCode } = await this.#pulumi(
      ...["up", "--yes", "--skip-preview", "--non-interactive", "--refresh", "--event-log", log],
      ...settings,
    );
    const { changes } = await events.end();
    expect(`${exitCode} ${exitCode === 0 ? "" : all}`).toBe("0 ");
    return changes;
  }

  /** The learner's private key to all of its machines. */
  async privateKey(): Promise<string> {
    const { stdout } = await this.#pulumi("stack", "output", "privateKey", "--show-secrets", "--stack", this.name);
    return `${stdout}\n`;
  }

  async plan(): Promise<Plan> {
    return (await openStack(this.name)).plan;
  }

  get filter(): ec2.Filter {
    return { Name: "tag:drydock.stack", Values: [this.name] };
  }

  /** Those that run, or are about to. */
  async instances(): Promise<ec2.Instance[]> {
    const running = { Name: "instance-state-name", Values: ["pending", "running"] };
    const asked = new ec2.DescribeInstancesCommand({ Filters: [this.filter, running] });
    const { Reservations = [] } = await this.client.send(asked);
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  }

  /** What an instance's first boot is given. */
  async userData({ InstanceId }: ec2.Instance): Promise<string> {
    const asked = new ec2.DescribeInstanceAttributeCommand({ InstanceId, Attribute: "userData" });
    const { UserData } = await this.client.send(asked);
    return Buffer.from(UserData?.Value ?? "", "base64").toString();
  }

  async group(): Promise<ec2.SecurityGroup> {
    const asked = new ec2.DescribeSecurityGroupsCommand({ Filters: [this.filter] });
    const { SecurityGroups = [] } = await this.client.send(asked);
    expect(SecurityGroups).toHaveLength(1);
    return SecurityGroups[0] ?? {};
  }

  #pulumi(...args: string[]) {
    const env = { ...environment(homeFolder()), PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_DEBUG_COMMANDS: "true" };
    const cwd = join(checkout, "test", "cloud", "ground");
    return execa("pulumi", args, { cwd, env, all: true, reject: false, timeout: deadlineMs });
  }
}
