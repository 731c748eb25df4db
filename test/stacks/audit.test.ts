import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeContext } from "../../access/dockerContexts.ts";
import { addInclude } from "../../access/sshConfig.ts";
import { audit } from "../../stacks/audit.ts";
import { makeState } from "../../stacks/stateFile.ts";
import { fakeEngine } from "../engine/fakeEngine.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

let home: string;

beforeEach(async () => {
  const user = await temporaryFolder();
  home = join(user, "drydock");
  const nothing: Record<string, unknown> = { "GET /volumes": { Volumes: [] }, "GET /_ping": "OK" };
  const { url } = await fakeEngine(({ route }) => ({ status: 200, json: nothing[route] ?? [] }));
  vi.stubEnv("HOME", user);
  vi.stubEnv("DOCKER_CONFIG", "");
  vi.stubEnv("DOCKER_HOST", url);
  vi.stubEnv("DRYDOCK_HOME", home);
});
afterEach(() => vi.unstubAllEnvs());

async function file(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "");
}

const found = async (stack?: string) => (await audit(stack)).map(({ kind, name }) => `${kind} ${name}`);

test("where nothing is, nothing is found", async () => {
  expect(await found("dev")).toEqual([]);
  expect(await found()).toEqual([]);
});

test("of every stack, files and state are found, too", async () => {
  await file(join(home, "stacks", "dev", "id_ed25519"));
  await file(join(home, "work", "class", "events"));
  await file(join(home, "settings", "verify-1.yaml"));
  await file(join(home, "settings", "Pulumi.other.yaml"));
  await makeState("drydock", "lost");
  await writeContext("drydock-dev-a", "dev");

  expect(new Set(await found())).toEqual(
    new Set([
      "context drydock-dev-a",
      `file ${join(home, "stacks", "dev")}`,
      `file ${join(home, "work", "class")}`,
      `file ${join(home, "settings", "verify-1.yaml")}`,
      `file ${join(home, "settings", "Pulumi.other.yaml")}`,
      "state drydock/lost",
    ]),
  );
  expect(await found("class")).toEqual([`file ${join(home, "work", "class")}`]);
});

test("a line in ~/.ssh/config that leads to no stack is found", async () => {
  await addInclude(join(home, "stacks", "dev"));

  expect(await found("dev")).toEqual([`file ${join(process.env.HOME ?? "", ".ssh", "config")}`]);
});
