import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { audit } from "../../stacks/audit.ts";
import { makeState, stateFile, statePaths } from "../../stacks/stateFile.ts";
import { fakeEngine } from "../engine/fakeEngine.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

afterEach(() => vi.unstubAllEnvs());

test("what a killed Pulumi was writing belongs to its stack, and no other stack's files do", async () => {
  vi.stubEnv("DRYDOCK_HOME", await temporaryFolder());
  const file = stateFile("drydock", "dev");
  const folder = dirname(file);
  const own = [".json.18eb3fbe9bc60f8e.tmp", ".json.bak", ".json.bak.18eb3fbe9bc60f8e.tmp", ".json.attrs"];
  await mkdir(folder, { recursive: true });
  for (const name of ["dev-2", "dev.json", "my-dev"]) await makeState("drydock", name);
  for (const suffix of own) await writeFile(join(folder, `dev${suffix}`), "");

  expect((await statePaths("drydock", "dev")).sort()).toEqual(own.map((suffix) => join(folder, `dev${suffix}`)).sort());
});

test("half a checkpoint that is all that is left is found by an audit", async () => {
  const home = await temporaryFolder();
  const { url } = await fakeEngine(({ route }) => ({
    status: 200,
    json: route === "GET /volumes" ? { Volumes: [] } : route === "GET /_ping" ? "OK" : [],
  }));
  const environment = { HOME: home, DOCKER_CONFIG: "", DOCKER_HOST: url, DRYDOCK_HOME: join(home, "drydock") };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  const file = stateFile("drydock", "dev");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.18eb3fbe9bc60f8e.tmp`, "{");

  expect(await audit(undefined)).toMatchObject([{ kind: "state", name: "drydock/dev" }]);
});
