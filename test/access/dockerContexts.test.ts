import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { contextsOf, removeContext, writeContext } from "../../access/dockerContexts.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  vi.stubEnv("DOCKER_CONFIG", folder);
  vi.stubEnv("DRYDOCK_HOME", join(await temporaryFolder(), "home"));
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

test("with the last context go the folders that nothing else is in", async () => {
  await writeContext("drydock-dev-a", "dev");
  await writeFile(join(folder, "config.json"), "{}");
  await removeContext("drydock-dev-a");
  expect(await readdir(folder)).toEqual(["config.json"]);

  await rm(join(folder, "config.json"));
  await writeContext("drydock-dev-a", "dev");
  await removeContext("drydock-dev-a");
  expect(await readdir(dirname(folder))).not.toContain(basename(folder));
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

/** Where the client keeps the context of that name. */
const metaOf = (name: string) =>
  join(folder, "contexts", "meta", createHash("sha256").update(name).digest("hex"), "meta.json");

test("a context of that name that is another's is named, and stays", async () => {
  const meta = JSON.stringify({ Name: "drydock-dev-a", Metadata: { Description: "mine" } });
  await mkdir(dirname(metaOf("drydock-dev-a")), { recursive: true });
  await writeFile(metaOf("drydock-dev-a"), meta);

  await expect(writeContext("drydock-dev-a", "dev")).rejects.toThrow(/drydock-dev-a is taken[^]*not Drydock/);

  expect(await readFile(metaOf("drydock-dev-a"), "utf8")).toBe(meta);
});

test("a stack of that name of another home has its own contexts, until that home is gone", async () => {
  const [here, there] = [process.env.DRYDOCK_HOME ?? "", join(await temporaryFolder(), "home")];
  vi.stubEnv("DRYDOCK_HOME", there);
  await writeContext("drydock-dev-a", "dev");
  vi.stubEnv("DRYDOCK_HOME", here);

  expect(await contextsOf("dev")).toEqual([]);
  await expect(writeContext("drydock-dev-a", "dev")).rejects.toThrow(there);
  expect(await contextsOf(undefined)).toEqual(["drydock-dev-a"]);

  await rm(there, { recursive: true });
  expect(await contextsOf("dev")).toEqual(["drydock-dev-a"]);
  await writeContext("drydock-dev-a", "dev");
});

test("no context is the current one once it is removed, and another that is stays so", async () => {
  const config = join(folder, "config.json");
  const current = async () => JSON.parse(await readFile(config, "utf8")) as unknown;
  await writeFile(config, JSON.stringify({ auths: {}, currentContext: "drydock-dev-a" }));
  await writeContext("drydock-dev-b", "dev");
  await writeContext("drydock-dev-a", "dev");

  await removeContext("drydock-dev-b");
  expect(await current()).toEqual({ auths: {}, currentContext: "drydock-dev-a" });

  await removeContext("drydock-dev-a");
  expect(await current()).toEqual({ auths: {} });
});

describe.skipIf(spawnSync("docker", ["--version"]).error)("as the Docker client reads it", () => {
  const docker = (...args: string[]) => spawnSync("docker", args, { encoding: "utf8" }).stdout;

  test("a context is an SSH endpoint that names the stack", async () => {
    await writeContext("drydock-dev-a", "dev");

    expect(JSON.parse(docker("context", "inspect", "drydock-dev-a"))).toMatchObject([
      {
        Name: "drydock-dev-a",
        Metadata: { Description: expect.stringMatching(/^Drydock stack dev, home [^/]*:\/.*#[0-9a-f]{8}$/) as string },
        Endpoints: { docker: { Host: "ssh://drydock-dev-a", SkipTLSVerify: false } },
      },
    ]);
  });

  test("a context that is removed is gone without a trace", async () => {
    await writeContext("drydock-dev-a", "dev");
    await removeContext("drydock-dev-a");

    expect(docker("context", "ls", "--format", "{{.Name}}").trim()).toBe("default");
    expect(existsSync(join(folder, "contexts"))).toBe(false);
  });
});
