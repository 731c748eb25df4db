import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { baseImageStep } from "../../setup/baseImageStep.ts";
import { outerEngineUrl } from "../../engine/outerUrl.ts";
import { bootstrapBase } from "../../setup/bootstrapBase.ts";
import { NotThisWay } from "../../setup/notThisWay.ts";
import { pullBase } from "../../setup/pullBase.ts";
import type { ImageSource } from "../../setup/step.ts";
import { fakeEngine } from "../engine/fakeEngine.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder } from "./scratch.ts";

vi.mock("../../setup/pullBase.ts");
vi.mock("../../setup/bootstrapBase.ts", async (original) => ({ ...(await original()), bootstrapBase: vi.fn() }));

const told: string[] = [];

beforeEach(async () => {
  const engine = await fakeEngine(({ route }) =>
    route.endsWith("/_ping") ? { status: 200 } : { status: 404, json: {} },
  );
  vi.stubEnv("DOCKER_HOST", engine.url);
  vi.mocked(pullBase).mockReset().mockRejectedValue(new NotThisWay("`docker pull base`", "no such host"));
  vi.mocked(bootstrapBase).mockReset().mockResolvedValue("bootstrapped");
  told.length = 0;
  return () => vi.unstubAllEnvs();
});

const make = (imageSource: ImageSource) =>
  baseImageStep({ home: join(scratchFolder(), "home"), install: true, imageSource, engineUrl: outerEngineUrl() }).make({
    ...quietSay,
    note: (text) => told.push(text),
  });

test("auto asks the registry, and says what it answered before it bootstraps", async () => {
  expect(await make("auto")).toBe("bootstrapped");
  expect(pullBase).toHaveBeenCalledOnce();
  expect(told).toEqual([expect.stringMatching(/docker pull base`: no such host: bootstrapping/)]);
});

test("auto takes what the registry has", async () => {
  vi.mocked(pullBase).mockResolvedValue("pulled");
  expect(await make("auto")).toBe("pulled");
  expect(bootstrapBase).not.toHaveBeenCalled();
  expect(told).toEqual([]);
});

test("registry never bootstraps", async () => {
  await expect(make("registry")).rejects.toThrow(/could not be got\n.*docker pull base`: no such host/);
  expect(bootstrapBase).not.toHaveBeenCalled();
});

test("bootstrap never asks a registry", async () => {
  expect(await make("bootstrap")).toBe("bootstrapped");
  expect(pullBase).not.toHaveBeenCalled();
});
