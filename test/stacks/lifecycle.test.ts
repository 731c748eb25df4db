import { chmod, mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toolFolder, tools } from "../../setup/tools.ts";
import { withLock } from "../../setup/lock.ts";
import { reset, up } from "../../stacks/lifecycle.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { stateFile } from "../../stacks/stateFile.ts";
import { fakeEngine, type FakeEngine } from "../engine/fakeEngine.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const name = "t-life";

let home: string;
let engine: FakeEngine;

beforeEach(async () => {
  home = await temporaryFolder();
  engine = await fakeEngine(({ route }) => {
    const Labels = { "drydock.project": "drydock", "drydock.stack": name, "drydock.home": `${hostname()}:${home}#0a` };
    if (route === "GET /_ping") return { status: 200, json: "OK" };
    if (route === "GET /containers/json") return { status: 200, json: [{ Id: "c1", Names: ["/one"], Labels }] };
    if (route === "GET /networks") return { status: 200, json: [] };
    if (route === "GET /volumes") return { status: 200, json: { Volumes: [] } };
    return route.startsWith("DELETE ") ? { status: 204 } : { status: 404 };
  });
  vi.stubEnv("DRYDOCK_HOME", home);
  vi.stubEnv("HOME", home);
  vi.stubEnv("DOCKER_CONFIG", join(home, ".docker"));
  vi.stubEnv("DOCKER_HOST", engine.url);
  await makeOwnSettings(name, { lab: "swarm-failover" });
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const refuse = () => Promise.reject(new Error("this machine is too small"));
const removals = () => engine.requests.filter(({ route }) => route.startsWith("DELETE ")).map(({ route }) => route);

async function knows(type: string, engineUrl: string): Promise<void> {
  const latest = { resources: [{ type, custom: true, id: "1", inputs: { engineUrl } }] };
  await mkdir(dirname(stateFile("drydock", name)), { recursive: true });
  await writeFile(stateFile("drydock", name), JSON.stringify({ version: 3, checkpoint: { latest } }));
}

test("the machine is looked at when the command before on the same stack has ended", async () => {
  const order: string[] = [];
  const lock = { what: "drydock up", deadlineMs: 1_000, onWait: () => undefined };
  let waiting: Promise<unknown> = Promise.resolve();
  await withLock(join(home, "locks", `stack-${name}`), lock, async () => {
    const held = Promise.withResolvers<undefined>();
    const reporter = { ...silentReporter, note: () => held.resolve(undefined) };
    const check = () => {
      order.push("looked");
      return refuse();
    };
    waiting = up(await openStack(name), { reporter, check }).catch((error: unknown) => error);
    await held.promise;
    order.push("let go");
  });
  expect(await waiting).toMatchObject({ message: "this machine is too small" });
  expect(order).toEqual(["let go", "looked"]);
});

test("a reset that the machine cannot carry leaves the stack as it is", async () => {
  await expect(reset(await openStack(name), { reporter: silentReporter, check: refuse })).rejects.toThrow("too small");
  expect(removals()).toEqual([]);
});

test("a reset of a stack on another engine is refused", async () => {
  await knows("drydock:index:HostContainer", "unix:///another.sock");
  const check = () => Promise.resolve();
  await expect(reset(await openStack(name), { reporter: silentReporter, check })).rejects.toThrow("/another.sock");
  expect(removals()).toEqual([]);
});

test("a reset goes by labels where Pulumi cannot destroy", async () => {
  const [pulumi] = tools();
  const program = join(toolFolder(home, pulumi), "pulumi");
  await mkdir(dirname(program), { recursive: true });
  await writeFile(program, "#!/bin/sh\nexit 1\n");
  await chmod(program, 0o700);
  await knows("drydock:index:SwarmNode", engine.url);

  const check = () => Promise.resolve();
  // The engine has no images, so that is as far as it gets.
  await expect(reset(await openStack(name), { reporter: silentReporter, check })).rejects.toThrow(
    "The engine has no image debian:trixie-slim",
  );
  expect(removals()).toContain("DELETE /containers/c1");
});
