import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writePrivateFile } from "../../access/privateFile.ts";
import { knownEngines } from "../../stacks/engines.ts";
import { engineOf, refuseOtherEngine } from "../../stacks/sameEngine.ts";
import { makeOwnSettings, ownSettingsFile } from "../../stacks/stack.ts";
import { stateFile } from "../../stacks/stateFile.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const local = "unix:///var/run/docker.sock";
const [lab1, lab2, lab3] = ["ssh://root@lab1", "ssh://root@lab2", "ssh://root@lab3"] as const;

beforeEach(async () => {
  vi.stubEnv("DRYDOCK_HOME", join(await temporaryFolder(), "home"));
  vi.stubEnv("DOCKER_HOST", local);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const standsOn = (engineUrl: string | undefined) => ({ engineUrl });

test("a stack is where its state says, else where its settings put it, else on the local engine", async () => {
  await makeOwnSettings("far", { lab: "tracing", engine: lab1 });
  expect(await engineOf("far", standsOn(lab2))).toBe(lab2);
  expect(await engineOf("far", standsOn(undefined))).toBe(lab1);
  expect(await engineOf("far", undefined)).toBe(lab1);
  expect(await engineOf("none", undefined)).toBe(local);
});

test("settings that cannot be read keep no stack from being taken away", async () => {
  await writePrivateFile(ownSettingsFile("torn"), "config: [");
  await makeOwnSettings("odd", { engine: "ssh://-oProxyCommand=id" });
  for (const stack of ["torn", "odd"]) expect(await engineOf(stack, undefined), stack).toBe(local);
});

test("a stack on another local engine than the current one is refused, with the one to name", async () => {
  await expect(engineOf("dev", standsOn("unix:///other.sock"))).rejects.toThrow("DOCKER_HOST=unix:///other.sock");
});

test.each([
  [lab1, lab2],
  [lab1, local],
  [local, lab1],
])("a stack on %s whose settings say %s moves only when it was taken down", (stands, wanted) => {
  const refused = () => refuseOtherEngine("dev", standsOn(stands), wanted);
  expect(refused).toThrow(new RegExp(`on the engine ${stands}, and the current one is ${wanted}`));
  expect(refused).toThrow("./drydock down --stack dev");
});

test("the engines to look at are the local one, and all that states and settings name, a cohort's included", async () => {
  await makeOwnSettings("far", { lab: "tracing", engine: lab2 });
  await makeOwnSettings("class", { learners: ["ada"], labs: ["tracing"], engines: [lab1, lab2] });
  const resources = [{ type: "drydock:index:LabBridge", inputs: { engineUrl: lab3 } }];
  await writePrivateFile(stateFile("drydock", "left"), JSON.stringify({ checkpoint: { latest: { resources } } }));
  expect(await knownEngines()).toEqual([local, lab1, lab2, lab3]);
});
