import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { engineStep } from "../../setup/engineStep.ts";
import { quietSay } from "./quietSay.ts";
import { scratchFolder } from "./scratch.ts";

beforeEach(() => () => vi.unstubAllEnvs());

test("an engine that DOCKER_HOST names and that does not answer is told, and none is installed instead", async () => {
  vi.stubEnv("DOCKER_HOST", "tcp://127.0.0.1:9");
  const told: string[] = [];
  const step = engineStep(scratchFolder(), true);
  expect(await step.look()).toBeUndefined();
  const failed = step.make({ ...quietSay, progress: (text) => told.push(text), note: (text) => told.push(text) });
  await expect(failed).rejects.toThrow(
    /tried tcp:\/\/127\.0\.0\.1:9: .*ECONNREFUSED.*\n.*DOCKER_HOST names it[\s\S]*start that engine/,
  );
  expect(told).toEqual([]);
});

test("an engine that the current context names is told with the context's name", async () => {
  const config = scratchFolder();
  vi.stubEnv("DOCKER_HOST", "");
  vi.stubEnv("DOCKER_CONTEXT", "lab");
  vi.stubEnv("DOCKER_CONFIG", config);
  const meta = join(config, "contexts", "meta", createHash("sha256").update("lab").digest("hex"));
  mkdirSync(meta, { recursive: true });
  const host = `unix://${config}/docker.sock`;
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Endpoints: { docker: { Host: host } } }));
  await expect(engineStep(scratchFolder(), true).make(quietSay)).rejects.toThrow(
    /docker\.sock: .*ENOENT.*\n.*the Docker context "lab" names it[\s\S]*start that engine/,
  );
});
