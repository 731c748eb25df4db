import { afterEach, expect, test, vi } from "vitest";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { onEngine } from "../../stacks/onEngine.ts";
import { PulumiError } from "../../stacks/pulumiError.ts";
import { fakeEngine, type Answer } from "../engine/fakeEngine.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An engine that keeps a request for events open, as a real one does, unless told what to answer. */
async function engineWith(events?: Answer) {
  const engine = await fakeEngine(({ route }) => (route === "GET /events" ? events : { status: 200, json: "OK" }));
  vi.stubEnv("DOCKER_HOST", engine.url);
  return engine;
}

test("an engine that is gone when the work fails is named, with what failed and what to do", async () => {
  const engine = await engineWith();
  const work = () => {
    engine.stop();
    return Promise.reject(new PulumiError("up", "dev", ["host-1: socket hang up"], false));
  };
  await expect(onEngine("drydock up", outerEngineUrl(), work)).rejects.toMatchObject({
    name: "MachineError",
    summary: `The Docker engine at ${engine.url} was lost during \`drydock up\`.`,
    details: [expect.stringMatching(/^it does not answer now: /), "pulumi up failed.", "host-1: socket hang up"],
    fix: "Start the engine, and run `drydock up` again: it goes on from where this one ended.",
  });
});

test("an engine that went away and is back is named, too", async () => {
  const engine = await engineWith({ status: 200 });
  const fails = async () => {
    await vi.waitFor(() => expect(engine.requests.map(({ route }) => route)).toContain("GET /events"));
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error("read ECONNRESET");
  };
  await vi.waitFor(() =>
    expect(onEngine("drydock down", outerEngineUrl(), fails)).rejects.toMatchObject({
      summary: `The Docker engine at ${engine.url} was lost during \`drydock down\`.`,
      details: ["it answers again", "read ECONNRESET"],
      fix: "Run `drydock down` again: it goes on from where this one ended.",
    }),
  );
});

test("with an engine that stays, the work's own result or error is told", async () => {
  await engineWith();
  const error = new Error("name taken");
  await expect(onEngine("drydock up", outerEngineUrl(), () => Promise.resolve(7))).resolves.toBe(7);
  await expect(onEngine("drydock up", outerEngineUrl(), () => Promise.reject(error))).rejects.toBe(error);
});

test("one who interrupts is told no more than that", async () => {
  const engine = await engineWith();
  const interruption = new PulumiError("up", "dev", [], true);
  const work = () => {
    engine.stop();
    return Promise.reject(interruption);
  };
  await expect(onEngine("drydock up", outerEngineUrl(), work)).rejects.toBe(interruption);
});

test("without an engine no work is begun", async () => {
  const engine = await engineWith();
  engine.stop();
  const work = vi.fn(() => Promise.resolve());
  await expect(onEngine("drydock up", outerEngineUrl(), work)).rejects.toThrow(
    `No Docker engine answers at ${engine.url}`,
  );
  expect(work).not.toHaveBeenCalled();
});
