import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { examineEc2 } from "../../doctor/onEc2.ts";
import { audit } from "../../stacks/audit.ts";
import type { Ec2Plan } from "../../stacks/ec2/plan.ts";
import { tagsOf } from "../../stacks/ec2/tags.ts";
import { homeLabel } from "../../stacks/home.ts";
import { stackLabels } from "../../stacks/labels.ts";
import { reap } from "../../stacks/reap.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { down } from "../../stacks/teardown.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { noEmulator, region, useEmulator } from "./support/emulator.ts";
import { planter } from "./support/planted.ts";

const reason = await noEmulator();

/** Stacks without a state: whatever is there is known by its tags alone, and no Docker engine is there to ask. */
describe.skipIf(reason !== undefined)(`on an emulated EC2${reason ? ` (skipped: ${reason})` : ""}`, () => {
  useEmulator();

  const stack = "leaky";
  const ec2 = { region, sshFrom: "198.51.100.0/24" };
  const tagsIn = (home: string, more: { stack?: string; expiry?: string } = {}) => ({
    ...tagsOf(
      stackLabels({
        ...{ project: "drydock", stack, lab: "swarm-basics", learner: "ada", cohort: undefined, expiry: undefined },
        ...more,
        home,
      }),
    ),
    Name: "planted",
  });
  const elsewhere = "elsewhere:/srv/drydock#0a1b2c3d";

  const configure = (more = {}) =>
    makeOwnSettings(stack, { lab: "swarm-basics", target: "ec2", ec2: { ...ec2, ...more } });

  async function planOn(more: Record<string, unknown>): Promise<Ec2Plan> {
    await configure(more);
    const { plan } = await openStack(stack);
    if (plan.ec2 === undefined) throw new Error("it is not planned on EC2");
    return plan.ec2;
  }

  beforeEach(async () => {
    const home = await temporaryFolder();
    vi.stubEnv("DRYDOCK_HOME", join(home, "drydock"));
    vi.stubEnv("HOME", home);
    vi.stubEnv("DOCKER_CONFIG", join(home, ".docker"));
    vi.stubEnv("DOCKER_HOST", `unix://${join(home, "nobody.sock")}`);
    await mkdir(join(home, "drydock"), { recursive: true });
    await configure();
    return () => vi.unstubAllEnvs();
  });

  const inWords = (left: Awaited<ReturnType<typeof audit>>) =>
    left.filter(({ kind }) => kind !== "file").map(({ kind, fix }) => `${kind}: ${fix}`);

  test("audit finds an instance, a disk and an address that were made beside the stack, and down takes them", async () => {
    const plant = planter(tagsIn(homeLabel()));
    const aws = `aws --region ${region} ec2`;
    const [instance, volume, address] = [await plant.instance(), await plant.volume(), await plant.address()];

    expect(inWords(await audit(stack))).toEqual([
      `instance: ${aws} terminate-instances --instance-ids ${instance}`,
      `volume: ${aws} delete-volume --volume-id ${volume}`,
      `address: ${aws} release-address --allocation-id ${address}`,
    ]);

    const { removed, left } = await down(stack, { reporter: silentReporter });
    expect(removed).toEqual(expect.arrayContaining(["instance planted", "volume planted", "address planted"]));
    expect(left).toEqual([]);
    await configure();
    expect(inWords(await audit(stack))).toEqual([]);
  });

  test("down takes a whole network with all that is in it, in an order that EC2 allows", async () => {
    const plant = planter(tagsIn(homeLabel()));
    const vpc = await plant.vpc();
    const subnet = await plant.subnet(vpc);
    const group = await plant.group(vpc);
    await plant.gateway(vpc);
    await plant.routeTable(vpc, subnet);
    await plant.instance({ SubnetId: subnet, SecurityGroupIds: [group] });
    await plant.networkInterface(subnet);
    await plant.keyPair("planted");
    await plant.profile("planted");
    expect((await audit(stack)).map(({ kind }) => kind).filter((kind) => kind !== "file")).toEqual([
      "instance",
      "network interface",
      "key pair",
      "internet gateway",
      "route table",
      "subnet",
      "security group",
      "vpc",
      "instance profile",
      "role",
    ]);

    expect((await down(stack, { reporter: silentReporter })).left).toEqual([]);
  });

  test("what another home made is named and left alone, and another stack's is not even named", async () => {
    const theirs = await planter(tagsIn(elsewhere)).volume();
    await planter(tagsIn(homeLabel(), { stack: "other" })).volume();

    const { removed, left } = await down(stack, { reporter: silentReporter });

    expect(removed.filter((line) => line.startsWith("volume"))).toEqual([]);
    expect(left).toMatchObject([{ kind: "volume", detail: expect.stringContaining(elsewhere) as unknown }]);
    expect(left[0]?.fix).toContain(`it is another home's`);
    expect(left[0]?.fix).toContain(theirs);
  });

  test("doctor says whether the region answers and has the instance types, and what is missing", async () => {
    const zones = [`${region}a`];
    const plan = await planOn({ zones });
    const verdicts = (await examineEc2(plan)).map(({ about, verdict }) => `${about}: ${verdict}`);
    expect(verdicts).toEqual(["Pulumi plugin aws: warning", "AWS: ok", "instance type t3.small: ok"]);

    const [, , type] = await examineEc2(await planOn({ zones, instanceType: "z9.huge" }));
    expect(type).toMatchObject({ about: "instance type z9.huge", verdict: "problem" });
    expect(type?.seen).toBe(`not offered in ${region}a`);

    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    const [, unreached] = await examineEc2(plan);
    expect(unreached).toMatchObject({ about: "AWS", verdict: "problem" });
    expect(unreached?.seen).toMatch(new RegExp(`^AWS could not be asked in region ${region}\\. \\S+: `));
    expect(unreached?.fix).toContain("AWS_PROFILE");
  });

  test("reap takes what is past the expiry in its tags, on a machine without an engine", async () => {
    const late = { lab: "swarm-basics", target: "ec2", ec2, expiry: "2020-01-01" };
    await makeOwnSettings("late", late);
    await planter(tagsIn(homeLabel(), { stack: "late", expiry: "2020-01-01T23:59:59.000Z" })).volume();

    const reaped = await reap(silentReporter);

    expect(reaped).toMatchObject([{ stack: "late", left: [] }]);
    await makeOwnSettings("late", late);
    expect(inWords(await audit("late"))).toEqual([]);
  });
});
