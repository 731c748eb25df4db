import { readFile } from "node:fs/promises";
import { beforeEach, expect, test, vi } from "vitest";
import { openCohort } from "../../cohort/cohort.ts";
import { run } from "../../cli/run.ts";
import { cohortUp } from "../../cohort/lifecycle.ts";
import { planCohort } from "../../cohort/plan.ts";
import { cohortProgram } from "../../cohort/program.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, ownSettingsFile } from "../../stacks/stack.ts";
import { readState } from "../../stacks/stateFile.ts";
import { fakeTerminal } from "../cli/fakeTerminal.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const name = "class";

/** A class of two learners with three hosts each for a day, at USD 0.05 an hour for a host. */
async function cohort(more: object) {
  const ec2 = {
    region: "eu-central-1",
    sshFrom: "198.51.100.0/24",
    instanceType: "t3.small",
    prices: { "t3.small": 0.05 },
  };
  const expiry = new Date(Date.now() + 86_400_000).toISOString();
  const settings = { learners: ["ada", "grace"], labs: ["swarm-basics"], target: "ec2", ec2, expiry, ...more };
  await makeOwnSettings(name, settings);
  return openCohort(name);
}

beforeEach(async () => {
  vi.stubEnv("DRYDOCK_HOME", await temporaryFolder());
  // Neither an engine nor AWS is here.
  vi.stubEnv("DOCKER_HOST", "unix:///nowhere.sock");
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "none");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "none");
  return () => vi.unstubAllEnvs();
});

test("a class on EC2 is planned without an engine, and priced as a whole", async () => {
  const { seats, price, forecast } = await planCohort(await cohort({}));
  expect(seats.map(({ learner }) => learner.id)).toEqual(["ada", "grace"]);
  expect(forecast.hosts).toBe(6);
  expect(price?.perHour).toBeCloseTo(0.3);
  expect(price?.untilExpiry).toBeCloseTo(7.2, 1);
});

test.each([
  [{ budget: 7 }, /class may cost USD 7\.\d\d until its expiry.*its budget is USD 7\.00/s],
  [{ budget: 100, expiry: undefined }, /class costs USD 0\.3000 per hour and never expires/],
])("what its budget does not hold is refused, and nothing is made: %o", async (more, words) => {
  const over = await cohort(more);
  await expect(cohortUp(over, silentReporter)).rejects.toThrow(words);
  expect((await readState("drydock", name)).exists).toBe(false);

  // A plain `pulumi up` runs the program alone.
  const raw = Object.entries(over.config).map(([key, value]) => [`drydock:${key}`, value]);
  await expect(cohortProgram(name, Object.fromEntries(raw) as Record<string, unknown>)).rejects.toThrow(words);

  const terminal = fakeTerminal();
  expect(await run(["cohort", "plan", "--stack", name], terminal)).toBe(2);
  expect(terminal.written.out).toContain("`up` refuses this");
  expect(terminal.written.err).toMatch(words);

  const asJson = fakeTerminal();
  expect(await run(["cohort", "plan", "--stack", name, "--json"], asJson)).toBe(2);
  const { seats, error } = JSON.parse(asJson.written.out) as { seats: object[]; error: { message: string } };
  expect(seats).toHaveLength(2);
  expect(error.message).toMatch(/its budget is USD/);
});

test("a class that is nowhere is taken down without an engine", async () => {
  await cohort({});
  const terminal = fakeTerminal();
  expect(await run(["cohort", "down", "--stack", name, "--json"], terminal), terminal.written.out).toBe(1);
  expect(terminal.written.out).toContain("eu-central-1");
  expect(terminal.written.out).not.toContain("No Docker engine");
});

test("an expiry until which the budget does not hold is refused, and nothing is written", async () => {
  await cohort({ budget: 10 });
  const before = await readFile(ownSettingsFile(name), "utf8");
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const terminal = fakeTerminal();

  expect(await run(["cohort", "extend", "--stack", name, "--until", inDays(2)], terminal)).toBe(2);
  expect(terminal.written.err).toMatch(/class may cost USD 14\.\d\d until its expiry.*its budget is USD 10\.00/s);
  expect(await readFile(ownSettingsFile(name), "utf8")).toBe(before);
  expect(await run(["cohort", "extend", "--stack", name, "--until", inDays(1.2)], terminal)).toBe(0);
});

test("who cannot ask AWS may plan, and is refused by up with what to do", async () => {
  await expect(cohortUp(await cohort({}), silentReporter)).rejects.toThrow(
    /could not be looked at: the VPCs that exist.*AWS_PROFILE/s,
  );
});

test("a budget of 0 is refused", async () => {
  await expect(cohort({ budget: 0 })).rejects.toThrow(/drydock:budget.*received 0; allowed: a number of USD above 0/s);
});
