import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { writePrivateFile } from "../../../access/privateFile.ts";
import { cardsFolder, type Card } from "../../../cohort/cards.ts";
import { stacksOf, type CohortUpReport } from "../../../cohort/lifecycle.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { LiveHosts } from "../../../cli/liveHosts.ts";
import { connectSsh } from "../../../engine/ssh.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { makeOwnSettings, openStack } from "../../../stacks/stack.ts";
import { keyPair } from "../../engine/sshServer.ts";
import { drydockExits, drydockJson, startDrydock } from "../support/drydock.ts";
import { stillThere, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("class");
const stack = ["--stack", name];
const lab = "private-registry";
const stackOf = (learner: string) => `${name}-${learner}-${lab}`;
const expiry = new Date(Date.now() + 7_500_000).toISOString();
/** Grace has a key of her own. */
const gracesKey = keyPair();
const sshKey = `${gracesKey.publicKey} grace@laptop`;
const learners = (...ids: string[]) =>
  makeOwnSettings(name, { learners: ids.map((id) => (id === "grace" ? { id, sshKey } : { id })), labs: [lab], expiry });

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
  await makeOwnSettings(stackOf("grace"), { lab, learner: "grace", sshKey, cohort: name, addresses, ports });
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

/** Does what a learner's card says, in a folder in place of the learner's own, and answers what `ssh` says. */
async function byCard(learner: string, command: string, ...options: string[]): Promise<string> {
  const { cards } = await drydockJson<{ cards: Card[] }>("cohort", "roster", ...stack);
  const file = cards.find((card) => card.learner.id === learner)?.file ?? "";
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const card = (await readFile(file, "utf8")).replaceAll("~/", `${sandbox.user}/${learner}/`);
  const [, block = ""] = /^```sh\n(.*?)^```$/ms.exec(card) ?? [];
  const [, line = ""] = /^\| client \|.*`(ssh .*?)` \|$/m.exec(card) ?? [];
  const { all } = await execa({ shell: true, all: true, reject: false })(
    `${block}${[line, ...options].join(" ")} ${command}`,
  );
  return all;
}

test("a card takes a learner to their hosts, by a key on it or by their own, and the host tells when it goes", async () => {
  expect(await byCard("ada", "bash -lc hostname")).toMatch(/^This host is taken away in 2 h .* UTC.*\nclient$/);

  const key = join(sandbox.user, "grace", "own");
  await writePrivateFile(key, gracesKey.privateKey);
  expect(await byCard("grace", "hostname", "-i", key)).toBe("client");
  const { ssh } = (await LiveHosts.of(await openStack(stackOf("ada")))).named("client");
  await expect(connectSsh({ ...ssh, privateKey: gracesKey.privateKey }, { deadlineMs: 10_000 })).rejects.toThrow(
    "authentication methods failed",
  );
  expect(await readFile(join(cardsFolder(name), "grace.md"), "utf8")).not.toContain("PRIVATE KEY");
  expect(await drydockExits(0, "cohort", "status", ...stack)).toMatch(/^ada .* expires in [12] h/m);
});

test("more time costs no host, and is told at log-in; a reset makes the hosts of one learner anew, and no others'", async () => {
  const [ofAda, ofGrace] = [await containers("ada"), await containers("grace")];
  await drydockExits(0, "cohort", "extend", ...stack, "--until", "2099-12-31");
  expect(await byCard("ada", "bash -lc true")).toBe("This host is taken away at 2099-12-31 23:59 UTC.");
  expect(await containers("ada")).toEqual(ofAda);

  await drydockExits(0, "cohort", "reset", ...stack, "--learner", "grace", "--to", "1");
  expect(await containers("ada")).toEqual(ofAda);
  for (const id of await containers("grace")) expect(ofGrace).not.toContain(id);
  await drydockExits(0, "check", "--step", "1", "--stack", stackOf("grace"));
  await drydockExits(1, "check", "--stack", stackOf("grace"));
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
  expect((await readdir(cardsFolder(name))).toSorted()).toEqual(["ada.md", "alan.md"]);
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
  expect(existsSync(cardsFolder(name))).toBe(false);
  const [csv, junit] = [join(sandbox.root, "grades.csv"), join(sandbox.root, "grades.xml")];
  const table = await drydockExits(0, "cohort", "grades", ...stack, "--csv", csv, "--junit", junit);
  expect(table).toMatch(/^grace +private-registry +1 .* pass +2/m);
  expect(await readFile(csv, "utf8")).toMatch(/^learner,lab,step,check,.*\r\n/);
  expect(await readFile(junit, "utf8")).toContain('<testsuite name="grace: ');
});
