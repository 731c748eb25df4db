import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { outerEngine } from "../../engine/outer.ts";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { fakeEngine } from "./fakeEngine.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv("HOME", folder);
  for (const name of ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CERT_PATH", "DOCKER_TLS_VERIFY"]) vi.stubEnv(name, "");
  vi.stubEnv("DOCKER_CONFIG", join(folder, "client"));
  await mkdir(join(folder, "client"));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function context(name: string, host: string): Promise<void> {
  const meta = join(folder, "client", "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(meta, { recursive: true });
  await writeFile(join(meta, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

const clientConfig = (text: string) => writeFile(join(folder, "client", "config.json"), text);

test("the engine is that of DOCKER_HOST, else DOCKER_CONTEXT, else the current context, else the default", async () => {
  await context("lab", "unix:///lab.sock");
  await context("desk", "tcp://desk:2376");
  await clientConfig(JSON.stringify({ currentContext: "desk", auths: {} }));
  vi.stubEnv("DOCKER_HOST", "unix:///named.sock");
  vi.stubEnv("DOCKER_CONTEXT", "lab");

  expect(outerEngineUrl()).toBe("unix:///named.sock");
  vi.stubEnv("DOCKER_HOST", "");
  expect(outerEngineUrl()).toBe("unix:///lab.sock");
  vi.stubEnv("DOCKER_CONTEXT", "");
  expect(outerEngineUrl()).toBe("tcp://desk:2376");
  for (const none of ["{}", '{"currentContext": ""}', '{"currentContext": "default"}']) {
    await clientConfig(none);
    expect(outerEngineUrl()).toBe("unix:///var/run/docker.sock");
  }
});

test("an empty DOCKER_CONFIG is no folder", async () => {
  await context("lab", "unix:///lab.sock");
  vi.stubEnv("DOCKER_CONTEXT", "lab");
  vi.stubEnv("DOCKER_CONFIG", "");

  expect(() => outerEngineUrl()).toThrow('The Docker context "lab" does not exist');
  await mkdir(join(folder, ".docker"));
  await writeFile(join(folder, ".docker", "config.json"), JSON.stringify({ currentContext: "home" }));
  vi.stubEnv("DOCKER_CONTEXT", "");
  expect(() => outerEngineUrl()).toThrow('The Docker context "home" does not exist');
});

test("a context that does not exist is named, with what to do", () => {
  vi.stubEnv("DOCKER_CONTEXT", "gone");

  expect(() => outerEngineUrl()).toThrow(/The Docker context "gone" does not exist[^]*docker context ls/);
});

test("a client configuration that is no JSON is named", async () => {
  await clientConfig("{ currentContext: lab");

  expect(() => outerEngineUrl()).toThrow(join(folder, "client", "config.json"));
});

test("an engine that answers is taken", async () => {
  const engine = await fakeEngine(() => ({ status: 200, json: "OK" }));

  vi.stubEnv("DOCKER_HOST", engine.url);
  await expect(outerEngine()).resolves.toBeDefined();
  expect(engine.requests.map(({ route }) => route)).toEqual(["GET /_ping"]);
});

test.each([
  ["where nothing listens", () => join(folder, "none.sock")],
  ["which is no socket", () => join(folder, "client")],
])("an engine %s is named, with what to do", async (_, path) => {
  const url = `unix://${path()}`;
  await context("lab", url);
  vi.stubEnv("DOCKER_CONTEXT", "lab");
  for (const asked of [outerEngine(), outerEngine(url)])
    await expect(asked).rejects.toMatchObject({
      name: "MachineError",
      summary: `No Docker engine answers at ${url}`,
      details: [expect.anything(), 'the Docker context "lab" names it'],
      fix: expect.stringContaining("DOCKER_HOST") as string,
    });
});

test.each(["nonsense", "http//1.2.3.4", "tcp://"])("%j is no engine, and is named", async (url) => {
  vi.stubEnv("DOCKER_HOST", url);
  await expect(outerEngine()).rejects.toMatchObject({
    name: "MachineError",
    summary: `"${url}" names no Docker engine`,
  });
});
