import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { openCohort } from "../../cohort/cohort.ts";
import { planCohort } from "../../cohort/plan.ts";
import { planText } from "../../cli/cohort/texts.ts";
import { bringUp } from "../../cli/bringUp.ts";
import { lookAhead } from "../../cli/lookAhead.ts";
import { cidr, overlaps } from "../../stacks/cidr.ts";
import { homeLabel } from "../../stacks/home.ts";
import { stackLabels } from "../../stacks/labels.ts";
import { tagsOf } from "../../stacks/ec2/tags.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { readState } from "../../stacks/stateFile.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { noEmulator, region, useEmulator } from "./support/emulator.ts";
import { planter } from "./support/planted.ts";

const reason = await noEmulator();

/** The emulator's VPCs: its default one, and those planted, of 10.192.0.0/24. */
describe.skipIf(reason !== undefined)(`VPCs on an emulated EC2${reason ? ` (skipped: ${reason})` : ""}`, () => {
  useEmulator();

  const ec2 = { region, sshFrom: "198.51.100.0/24", instanceType: "t3.small", prices: { "t3.small": 0.05 } };
  const tags = (stack: string, home = homeLabel()) => {
    const lab = "swarm-basics";
    return tagsOf(
      stackLabels({ project: "drydock", stack, lab, learner: "ada", cohort: undefined, expiry: undefined, home }),
    );
  };

  beforeEach(async () => {
    const home = await temporaryFolder();
    vi.stubEnv("DRYDOCK_HOME", join(home, "drydock"));
    vi.stubEnv("DOCKER_HOST", `unix://${join(home, "nobody.sock")}`);
    return () => vi.unstubAllEnvs();
  });

  test("a stack whose addresses another VPC has is refused with both named, and its own VPC is not in its way", async () => {
    await makeOwnSettings("cloud", { lab: "swarm-basics", target: "ec2", ec2, addresses: "10.192.0.0/19" });
    const own = planter(tags("cloud"));
    await own.vpc();
    const other = await planter(tags("other", "elsewhere:/srv/drydock#0a1b2c3d")).vpc();

    const error = await bringUp(await openStack("cloud"), silentReporter).catch((refusal: unknown) => refusal);

    expect(error).toMatchObject({
      details: [
        `drydock:addresses 10.192.0.0/19: VPC ${other} of stack other (home elsewhere:/srv/drydock#0a1b2c3d) in ${region} (10.192.0.0/24)`,
      ],
      fix: expect.stringMatching(/^Set drydock:addresses to 10\.\d+\.\d+\.0\/19 in Pulumi\.cloud\.yaml\.$/) as string,
    });
    expect((await readState("drydock", "cloud")).exists).toBe(false);

    const { unseen, refuse } = await lookAhead(await openStack("cloud"));
    expect(unseen).toEqual([]);
    expect(refuse).toThrow(`VPC ${other}`);
  });

  test("a class is planned round the VPCs that exist", async () => {
    const learners = Array.from({ length: 12 }, (_, index) => `learner-${index}`);
    await makeOwnSettings("class", { learners, labs: ["swarm-basics"], target: "ec2", ec2 });
    const cohort = await openCohort("class");
    const [taken] = (await planCohort(cohort)).seats;
    const block = cidr(taken?.addresses ?? "");
    await planter({}).vpc(taken?.addresses.replace("/19", "/20"));

    const plan = await planCohort(cohort);

    expect(plan.seats.filter(({ addresses }) => overlaps(cidr(addresses), block))).toEqual([]);
    expect(planText(cohort, plan)).not.toContain("Not looked at");
  });

  test("a class is planned where AWS cannot be asked, too, and says what was not looked at", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    await makeOwnSettings("class", { learners: ["ada"], labs: ["swarm-basics"], target: "ec2", ec2 });
    const cohort = await openCohort("class");

    expect(planText(cohort, await planCohort(cohort))).toContain("Not looked at: the VPCs that exist");
  });
});
