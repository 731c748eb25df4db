import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { openCohort, seatSettings, seatsOf } from "../../cohort/cohort.ts";
import { extend } from "../../cohort/extend.ts";
import { oneLine } from "../../cohort/roster.ts";
import { writeCohortFile } from "../../cohort/newFile.ts";
import { writePrivateFile } from "../../access/privateFile.ts";
import { makeOwnSettings, ownSettingsFile, settingsFile } from "../../stacks/stack.ts";
import { keyPair } from "../engine/sshServer.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

beforeEach(async () => vi.stubEnv("DRYDOCK_HOME", await temporaryFolder()));
afterEach(() => vi.unstubAllEnvs());

const place = { addresses: "10.192.0.0/19", ports: 20000 };
const seat = (id: string) => ({ learner: { id }, lab: "tracing", stack: `class-${id}-tracing`, ...place });

test("a learner's own key is in the settings of their stacks, and of nobody else's", async () => {
  const sshKey = `${keyPair().publicKey} ada@laptop`;
  await makeOwnSettings("class", { learners: ["grace", { id: "ada", sshKey }], labs: ["tracing"] });
  const cohort = await openCohort("class");
  const [grace, ada] = cohort.learners.map((learner) => seatSettings(cohort, { ...seat(learner.id), learner }));
  expect(ada).toMatchObject({ learner: "ada", sshKey });
  expect(grace).not.toHaveProperty("sshKey");
});

test("a private key in place of a public one is refused, and no part of it shown", async () => {
  const { privateKey } = keyPair();
  await makeOwnSettings("class", { learners: [{ id: "ada", sshKey: privateKey }], labs: ["tracing"] });
  const error = (await openCohort("class").catch((thrown: unknown) => thrown)) as Error;
  expect(error.message).toMatch(
    /drydock:learners.*private key, which is not shown.*allowed: .*SSH public key in one line/,
  );
  for (const line of privateKey.split("\n").slice(1, 4)) expect(error.message).not.toContain(line);
});

test("neither is one that makes the file unreadable", async () => {
  const { privateKey } = keyPair();
  await writePrivateFile(
    ownSettingsFile("class"),
    `config:\n  drydock:learners: [{ id: ada, sshKey: ${privateKey} }]\n:`,
  );
  const error = (await openCohort("class").catch((thrown: unknown) => thrown)) as Error;
  expect(error.message).toContain("is not valid YAML");
  for (const line of privateKey.split("\n").slice(1, 4)) expect(error.message).not.toContain(line.slice(0, 20));
});

test("a stack that another cohort has is refused, with both sides named", async () => {
  await makeOwnSettings("class-a-tracing", { lab: "tracing", learner: "a", cohort: "other", ...place });
  await makeOwnSettings("class", { learners: ["a", "b"], labs: ["tracing"] });
  await expect(seatsOf(await openCohort("class"))).rejects.toThrow(
    /Cohort class would have stacks that are another's:.*class-a-tracing: it is cohort other's/s,
  );
});

test("another expiry is written where it belongs, and nothing else is changed", async () => {
  const text =
    "# a class\nconfig:\n  drydock:learners: [ada] # one\n  drydock:expiry: 2030-01-01\n  drydock:labs: [tracing]\n";
  await writePrivateFile(ownSettingsFile("class"), text);
  const other = { lab: "tracing", learner: "grace", cohort: "other", ...place };
  await makeOwnSettings("other-grace-tracing", other);
  await makeOwnSettings("class-ada-tracing", { ...other, learner: "ada", cohort: "class", expiry: "2030-01-01" });

  const expiry = await extend("class", "2030-02-01", new Date("2030-01-15T00:00:00Z"));

  expect(expiry).toBe("2030-02-01T23:59:59.000Z");
  expect(await readFile(ownSettingsFile("class"), "utf8")).toBe(text.replace("2030-01-01", '"2030-02-01"'));
  expect(await readFile(ownSettingsFile("class-ada-tracing"), "utf8")).toContain(expiry);
  expect(await readFile(ownSettingsFile("other-grace-tracing"), "utf8")).not.toContain("expiry");
});

test.each(["2030-01-01", "tomorrow", ""])("%j is no time to come, and nothing is written", async (until) => {
  await makeOwnSettings("class", { learners: ["ada"], labs: ["tracing"] });
  const before = await readFile(ownSettingsFile("class"), "utf8");
  await expect(extend("class", until, new Date("2030-01-15T00:00:00Z"))).rejects.toThrow(
    /--until: received .*; allowed: an ISO date.*--until 2030-01-16/s,
  );
  expect(await readFile(ownSettingsFile("class"), "utf8")).toBe(before);
});

test("labs with a comma between are told to be named one by one, and nothing is written", async () => {
  await expect(writeCohortFile("t-comma", "class.csv", ["tracing,swarm-basics"])).rejects.toThrow(
    /--lab: received tracing,swarm-basics; .*--lab tracing --lab swarm-basics/s,
  );
  expect(existsSync(settingsFile("t-comma"))).toBe(false);
});

test("a learner's stack is no cohort, and whose it is is told", async () => {
  await makeOwnSettings("class-ada-tracing", { lab: "tracing", learner: "ada", cohort: "class", ...place });
  await expect(openCohort("class-ada-tracing")).rejects.toThrow(
    /class-ada-tracing is a learner's of cohort class.*drydock status --stack class-ada-tracing/s,
  );
});

test("what controls a terminal is not shown of a name", () => {
  expect(oneLine("\u001b[31mred\u0007\n Ada ")).toBe("[31mred Ada");
});
