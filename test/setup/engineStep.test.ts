import { beforeEach, expect, test, vi } from "vitest";
import { engineStep } from "../../setup/engineStep.ts";
import { quietSay } from "./quietSay.ts";

beforeEach(() => () => vi.unstubAllEnvs());

test("an engine that DOCKER_HOST names and that does not answer is told, and none is installed instead", async () => {
  vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:9");
  const told: string[] = [];
  const step = engineStep(true);
  expect(await step.look()).toBeUndefined();
  const failed = step.make({ ...quietSay, progress: (text) => told.push(text), note: (text) => told.push(text) });
  await expect(failed).rejects.toThrow(/tried tcp:\/\/127\.0\.0\.1:9: .*ECONNREFUSED[\s\S]*DOCKER_HOST/);
  expect(told).toEqual([]);
});
