import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { LabResult } from "../../cli/verify/verifyLabs.ts";
import { outerEngine } from "../../engine/outer.ts";
import { audit } from "../../stacks/audit.ts";
import { homeFolder } from "../../stacks/home.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { down } from "../../stacks/teardown.ts";
import { brokenCheckout, type Fault } from "./support/brokenCheckout.ts";

/** Runs `verify swarm-basics` of a checkout with faults, as CI does. */
async function verifyBroken(...faults: Fault[]) {
  const folder = await brokenCheckout(...faults);
  const report = join(folder, "report.xml");
  const argv = [join(folder, "cli", "main.ts"), "verify", "swarm-basics", "--json", "--junit", report];
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, {
    cwd: folder,
    env: { DRYDOCK_HOME: homeFolder() },
    reject: false,
    stdin: "ignore",
  });
  const [lab] = JSON.parse(stdout || `{"error": ${JSON.stringify(stderr)}}`) as LabResult[];
  if (!lab) throw new Error(`verify answered nothing: ${stderr}`);
  const failed = lab.results.filter(({ verdict }) => verdict === "failed");
  return { code: exitCode, stack: lab.stack, results: lab.results, failed, junit: await readFile(report, "utf8") };
}

/** A solution that begins no Swarm, and so fails in the first step. */
const solution: Fault = {
  file: "labs/33-swarm-basics/guide.md",
  text: "docker swarm init --advertise-addr",
  instead: "false # docker swarm init --advertise-addr",
};

test("a broken solution is named by its block with what the engine said, and the lab goes away", async () => {
  const { code, stack, failed, results, junit } = await verifyBroken(solution);

  expect(code).toBe(1);
  expect(failed.map(({ phase }) => phase)).toEqual(["the guide's solution runs"]);
  expect(failed[0]?.text).toMatch(/Step 1 .* failed on host-1: the block of guide\.md:\d+ exited with 1/);
  expect(failed[0]?.text).toMatch(/- engine of host-1: .*level=/);
  expect(results.slice(3, 5).map(({ verdict }) => verdict)).toEqual(["skipped", "skipped"]);
  expect(junit).toMatch(/<testsuite name="verify swarm-basics" tests="7" failures="1"/);
  expect(junit).toMatch(/<testcase [^>]*name="the guide&apos;s solution runs"[^>]*>\s*<failure/);
  expect(await audit(stack)).toEqual([]);
});

test("a check that always passes is named, and the lab goes away", async () => {
  const { code, stack, failed, junit } = await verifyBroken({
    file: "labs/33-swarm-basics/checks.ts",
    text: "export default checks;",
    instead: 'checks[1].run = () => Promise.resolve(pass("whatever"));\nexport default checks;',
  });

  expect(code).toBe(1);
  expect(failed.map(({ phase }) => phase)).toEqual(["every check fails before the work"]);
  expect(failed[0]?.text).toContain("step 2, three-nodes-ready: whatever");
  expect(junit).toMatch(/<testcase [^>]*name="every check fails before the work"[^>]*>\s*<failure/);
  expect(await audit(stack)).toEqual([]);
});

test("a teardown that leaves volumes is told by down and by the audit", async () => {
  const { code, stack, failed, junit } = await verifyBroken(solution, {
    file: "stacks/sweep.ts",
    text: 'kind === "network" ? engine.getNetwork(id).remove() : engine.getVolume(id).remove()',
    instead: 'kind === "network" ? engine.getNetwork(id).remove() : Promise.resolve()',
  });
  try {
    expect(code).toBe(1);
    expect(failed.slice(1).map(({ phase }) => phase)).toEqual(["down", "the audit finds nothing"]);
    for (const { text } of failed.slice(1)) expect(text).toContain(`volume drydock-${stack}-host-1-docker`);
    expect(junit).toMatch(/<testcase [^>]*name="down"[^>]*>\s*<failure message="Down left something\."/);
    expect(await (await outerEngine()).getVolume(`drydock-${stack}-host-1-docker`).inspect()).toBeDefined();
  } finally {
    await down(stack, { reporter: silentReporter });
  }
  expect(await audit(stack)).toEqual([]);
});
