import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writePrivateFile } from "../../access/privateFile.ts";
import { project } from "../../stacks/project.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { stateFile } from "../../stacks/stateFile.ts";
import { swarmOutputs } from "../cli/samples.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

beforeEach(async () => vi.stubEnv("DRYDOCK_HOME", await temporaryFolder()));
afterEach(() => vi.unstubAllEnvs());

/** The outputs of a stack whose state has these. */
async function outputsOf(outputs: unknown) {
  await makeOwnSettings("t", { lab: "swarm-failover" });
  const resources = [{ type: "pulumi:pulumi:Stack", outputs }];
  await writePrivateFile(stateFile(project, "t"), JSON.stringify({ checkpoint: { latest: { resources } } }));
  return (await openStack("t")).outputs();
}

test("outputs are read from the state", async () => {
  expect(await outputsOf(swarmOutputs)).toEqual(swarmOutputs);
});

test("a stack without outputs is not up, and is told how to be", async () => {
  await expect(outputsOf({})).rejects.toMatchObject({
    name: "VisibleError",
    message: "Stack t is not up.\n  Run: ./drydock up --stack t",
  });
});

test("outputs of another version are named, with what to do", async () => {
  await expect(outputsOf({ ...swarmOutputs, hosts: [{ name: "a" }] })).rejects.toMatchObject({
    name: "MachineError",
    summary: "What stack t recorded is of another version of Drydock.",
    details: expect.arrayContaining([expect.stringMatching(/^hosts\.0\.role: /)]) as string[],
    fix: "Run: ./drydock up --stack t",
  });
});
