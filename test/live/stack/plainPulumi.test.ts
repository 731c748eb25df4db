import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { SeatStatus } from "../../../cli/cohort/texts.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { outerEngine } from "../../../engine/outer.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import { makeOwnSettings, ownSettingsFile } from "../../../stacks/stack.ts";
import { checkoutOf } from "../support/checkoutOf.ts";
import { drydockExits, drydockJson, drydockJsonExits } from "../support/drydock.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("plain");
const stack = ["--stack", name];

/** The Pulumi of a user in a checkout, with the variables of `env` for a stack: each command with how it is to exit. */
async function plainPulumi(name: string) {
  const variables = await drydockJson<Record<string, string | null>>("env", "--stack", name);
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? undefined]));
  const cwd = await checkoutOf(sandbox, name);
  const pulumiExits = async (wanted: number, ...args: string[]) => {
    const { exitCode, all } = await execa("pulumi", [...args, "--non-interactive"], {
      cwd,
      env,
      reject: false,
      all: true,
      stdin: "ignore",
    });
    expect(exitCode, `pulumi ${args.join(" ")} said:\n${all}`).toBe(wanted);
    return all;
  };
  return { pulumiExits, pulumi: (...args: string[]) => pulumiExits(0, ...args) };
}

test("plain pulumi with the variables of env and drydock work on the same stack by turns", async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  const { pulumi } = await plainPulumi(name);

  await drydockJson<UpReport>("up", ...stack);
  await pulumi("preview", "--expect-no-changes");
  await pulumi("up", "--yes", "--expect-no-changes");
  await pulumi("refresh", "--yes", "--expect-no-changes");
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });

  await pulumi("destroy", "--yes");
  await pulumi("up", "--yes");
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });
  expect(await drydockJson("down", ...stack)).toMatchObject({ left: [] });
});

test("plain pulumi brings a class up and takes it away, as drydock cohort does, and one's failure leaves the others", async () => {
  const cohort = testStack("plain-class");
  const lab = "private-registry";
  await makeOwnSettings(cohort, { learners: ["zoe", "ada", "grace"], labs: [lab] });
  await drydockExits(0, "setup");
  const { seats } = await drydockJson<CohortPlan>("cohort", "plan", "--stack", cohort);
  const { stack = "", addresses, ports } = seats.find(({ learner }) => learner.id === "zoe") ?? {};
  await makeOwnSettings(stack, { lab, learner: "zoe", cohort, addresses, ports });
  const squatter = createServer().listen(ports, "127.0.0.1");
  const { pulumi, pulumiExits } = await plainPulumi(cohort);
  await pulumi("stack", "init", cohort);

  const states = async (wanted: number) =>
    (await drydockJsonExits<SeatStatus[]>(wanted, "cohort", "status", "--stack", cohort)).map(
      ({ learner, state }) => `${learner} ${state}`,
    );

  expect(await pulumiExits(1, "up", "--yes").finally(() => squatter.close())).toContain(String(ports));
  expect(await states(1)).toEqual(["zoe not up", "ada up", "grace up"]);
  await pulumi("up", "--yes");
  expect(await states(0)).toEqual(["zoe up", "ada up", "grace up"]);

  await pulumi("up", "--yes", "--expect-no-changes");
  await pulumi("destroy", "--yes");
  const left = await labelledObjects(await outerEngine(), { cohort });
  expect(left).toEqual([]);
  await drydockExits(0, "cohort", "down", "--stack", cohort);
});

test("a class that no machine holds is refused by plain pulumi, too, before anything is made", async () => {
  const cohort = testStack("plain-giant");
  const hosts = { memoryMib: 1_048_576 };
  await makeOwnSettings(cohort, { learners: ["ada"], labs: ["swarm-failover"], target: "vm", hosts });
  await drydockExits(0, "setup");
  const { pulumi, pulumiExits } = await plainPulumi(cohort);
  await pulumi("stack", "init", cohort);

  expect(await pulumiExits(1, "up", "--yes")).toMatch(/does not fit on this machine; nothing was made.*MiB needed/s);
  expect(await labelledObjects(await outerEngine(), { cohort })).toEqual([]);
  await drydockExits(0, "cohort", "down", "--stack", cohort);
});

test("a salt that another home's Pulumi left in the settings does not keep a stack from coming up", async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  const file = ownSettingsFile(name);
  const settings = JSON.parse(await readFile(file, "utf8")) as object;
  const encryptionsalt = "v1:fKLuH7vUqms=:v1:g3hy2AC39h41j9xI:P27P3oD7VUaK0fy6bMUG3u4AlQU4mg==";
  await writeFile(file, JSON.stringify({ ...settings, encryptionsalt }));
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: true });
});
