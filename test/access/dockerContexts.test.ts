import { spawnSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { contextsOf, removeContext, writeContext } from "../../access/dockerContexts.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv("DOCKER_CONFIG", folder);
  vi.stubEnv("DOCKER_HOST", "");
  vi.stubEnv("DOCKER_CONTEXT", "");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function foreignContext(id: string, meta: string): Promise<void> {
  await mkdir(join(folder, "contexts", "meta", id), { recursive: true });
  await writeFile(join(folder, "contexts", "meta", id, "meta.json"), meta);
}

test("a stack's contexts are its own, and go one by one", async () => {
  await writeContext("drydock-dev-b", "dev");
  await writeContext("drydock-dev-a", "dev");
  await writeContext("drydock-other-a", "other");

  expect(await contextsOf("dev")).toEqual(["drydock-dev-a", "drydock-dev-b"]);
  await removeContext("drydock-dev-a");
  await removeContext("drydock-dev-a");
  expect(await contextsOf("dev")).toEqual(["drydock-dev-b"]);
  expect(await contextsOf("other")).toEqual(["drydock-other-a"]);
});

test("where there are no contexts there are none", async () => {
  expect(await contextsOf("dev")).toEqual([]);
});

test("contexts that are not ours are left out, broken ones too", async () => {
  await foreignContext("aa", JSON.stringify({ Name: "mine", Metadata: {}, Endpoints: {} }));
  await foreignContext("bb", JSON.stringify({ Name: "bare" }));
  await foreignContext("cc", "{ broken");
  await writeFile(join(folder, "contexts", "meta", "a file"), "");
  await writeContext("drydock-dev-a", "dev");

  expect(await contextsOf("dev")).toEqual(["drydock-dev-a"]);
});

describe.skipIf(spawnSync("docker", ["--version"]).error)("as the Docker client reads it", () => {
  const docker = (...args: string[]) => spawnSync("docker", args, { encoding: "utf8" }).stdout;

  test("a context is an SSH endpoint that names the stack", async () => {
    await writeContext("drydock-dev-a", "dev");

    expect(JSON.parse(docker("context", "inspect", "drydock-dev-a"))).toMatchObject([
      {
        Name: "drydock-dev-a",
        Metadata: { Description: expect.stringMatching(/^Drydock stack dev, home \//) as string },
        Endpoints: { docker: { Host: "ssh://drydock-dev-a", SkipTLSVerify: false } },
      },
    ]);
  });

  test("a context that is removed is gone without a trace", async () => {
    await writeContext("drydock-dev-a", "dev");
    await removeContext("drydock-dev-a");

    expect(docker("context", "ls", "--format", "{{.Name}}").trim()).toBe("default");
    expect(await readdir(join(folder, "contexts", "meta"))).toEqual([]);
  });
});
