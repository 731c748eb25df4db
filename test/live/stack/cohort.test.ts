import { createServer, type Server } from "node:net";
import { afterAll, expect, test } from "vitest";
import { stacksOf, type CohortPlan, type CohortUpReport } from "../../../cohort/lifecycle.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import { drydockExits, drydockJson, startDrydock } from "../support/drydock.ts";
import { stillThere, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

useSandbox();

const name = testStack("class");
const stack = ["--stack", name];
const lab = "private-registry";
const stackOf = (learner: string) => `${name}-${learner}-${lab}`;
const learners = (...ids: string[]) => makeOwnSettings(name, { learners: ids, labs: [lab] });

/** Ids of a learner's containers, which change when they are made anew. */
async function containers(learner: string): Promise<string[]> {
  const filters = { label: [`drydock.stack=${stackOf(learner)}`] };
  return (await (await outerEngine()).listContainers({ filters })).map(({ Id }) => Id).toSorted();
}

let squatter: Server | undefined;
afterAll(() => squatter?.close());

test("each learner has a stack of their own; one whose stack fails leaves the others standing, and the next up makes good", async () => {
  await learners("ada", "grace");
  const plan = await drydockJson<CohortPlan>("cohort", "plan", ...stack);
  const grace = plan.seats.find(({ learner }) => learner.id === "grace");
  // The plan goes round what is taken; what is taken between the two is not seen by it.
  const { addresses, ports } = grace ?? {};
  await makeOwnSettings(stackOf("grace"), { lab, learner: "grace", cohort: name, addresses, ports });
  squatter = createServer().listen(ports, "127.0.0.1");

  const failed = await startDrydock("cohort", "up", ...stack);
  expect(failed.exitCode, failed.all).not.toBe(0);
  expect(failed.all).toContain(stackOf("grace"));
  expect(failed.all).toContain(String(ports));
  const ofAda = await containers("ada");
  expect(ofAda).toHaveLength(3);
  expect(await containers("grace")).toEqual([]);
  expect((await startDrydock("cohort", "status", ...stack)).exitCode).toBe(1);

  squatter.close();
  await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  expect(await containers("ada")).toEqual(ofAda);
  expect(await containers("grace")).toHaveLength(3);
  await drydockExits(0, "cohort", "status", ...stack);
});

test("a learner's hosts do not reach another's: neither host, engine nor registry", async () => {
  const addresses = async (learner: string) => {
    const { hosts, registry } = await drydockJson<{ hosts: { address: string }[]; registry: { address: string } }>(
      "status",
      ...["--stack", stackOf(learner)],
    );
    return { hosts: hosts.map(({ address }) => address), registry: registry.address };
  };
  const reach = (learner: string, host: string, port: number) =>
    startDrydock(
      ...["exec", "--stack", stackOf(learner), "client", "--", `timeout 2 bash -c 'exec 3<> /dev/tcp/${host}/${port}'`],
    );
  const [ada, grace] = [await addresses("ada"), await addresses("grace")];
  // Their own they reach, so what they do not reach is not for want of a listener.
  for (const [learner, { hosts, registry }] of [["ada", ada] as const, ["grace", grace] as const]) {
    expect((await reach(learner, hosts[0] ?? "", 22)).exitCode, learner).toBe(0);
    expect((await reach(learner, registry, 5000)).exitCode, learner).toBe(0);
  }
  for (const [learner, { hosts, registry }] of [["ada", grace] as const, ["grace", ada] as const]) {
    for (const host of hosts) expect((await reach(learner, host, 22)).exitCode, `${learner} to ${host}`).not.toBe(0);
    expect((await reach(learner, registry, 5000)).exitCode, learner).not.toBe(0);
  }
});

test("grades are kept, also of who has left and when all is gone", async () => {
  await drydockExits(0, "solve", "--stack", stackOf("grace"));
  const { grades } = JSON.parse((await startDrydock("cohort", "check", "--json", ...stack)).stdout) as {
    grades: { learner: string; verdict: string; firstPassed?: string }[];
  };
  const verdicts = (learner: string) =>
    new Set(grades.filter((one) => one.learner === learner).map((one) => one.verdict));
  expect(verdicts("ada")).toEqual(new Set(["fail"]));
  expect(verdicts("grace")).toEqual(new Set(["pass"]));
  expect(grades.every(({ verdict, firstPassed }) => (verdict === "pass") === (firstPassed !== undefined))).toBe(true);
});

test("who comes and who leaves touches nobody else; a host that was lost is made good", async () => {
  const ofAda = await containers("ada");
  const used = (await usedObjects()).filter((object) => object.includes("grace"));
  await learners("alan", "ada");
  const { removed } = await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  expect(removed).toEqual([stackOf("grace")]);
  expect(await stillThere(used)).toEqual([]);
  expect(await containers("ada")).toEqual(ofAda);

  const engine = await outerEngine();
  const [lost] = await containers("alan");
  await engine.getContainer(lost ?? "").remove({ force: true });
  await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  expect(await containers("alan")).toHaveLength(3);
  expect(await containers("ada")).toEqual(ofAda);
});

test("down leaves nothing, even if the file and the state are gone, but the grades", async () => {
  const used = (await usedObjects()).filter((object) => object.includes(name));
  await learners();
  await drydockExits(0, "cohort", "down", ...stack);
  expect(await stillThere(used)).toEqual([]);
  expect([...(await stacksOf(name))]).toEqual([]);
  await drydockExits(0, "audit");
  expect(await drydockJson<object[]>("cohort", "grades", ...stack)).not.toEqual([]);
});
