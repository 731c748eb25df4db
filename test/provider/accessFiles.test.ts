import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { contextsOf } from "../../access/dockerContexts.ts";
import { accessFiles, type AccessFilesInputs } from "../../provider/resources/accessFiles.ts";
import { keyPair } from "../engine/sshServer.ts";
import { temporaryFolder } from "../temporaryFolder.ts";

const { privateKey, publicKey } = keyPair();
let home: string;
let inputs: AccessFilesInputs;

beforeEach(async () => {
  home = await temporaryFolder();
  vi.stubEnv("HOME", home);
  vi.stubEnv("DRYDOCK_HOME", home);
  vi.stubEnv("DOCKER_CONFIG", "");
  const host = (alias: string, port: number) => ({ alias, port, hostKey: publicKey });
  inputs = {
    stack: "dev",
    folder: join(home, "stacks", "dev"),
    hosts: [host("drydock-dev-a", 20001), host("drydock-dev-b", 20002)],
    privateKey,
  };
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function made() {
  const { id, outputs } = await accessFiles.create(inputs);
  return { id, state: { ...inputs, ...outputs } };
}

const userConfig = () => readFile(join(home, ".ssh", "config"), "utf8");

test("everything that a learner needs is there, and private; made twice it is the same", async () => {
  const first = await made();
  const second = await made();

  expect(second).toEqual(first);
  for (const name of ["id_ed25519", "known_hosts", "ssh_config"]) {
    expect((await stat(join(inputs.folder, name))).mode & 0o777).toBe(0o600);
  }
  expect(await contextsOf("dev")).toEqual(["drydock-dev-a", "drydock-dev-b"]);
  expect((await userConfig()).match(/Include/g)).toHaveLength(1);
});

test("the state does not hold the key but as the input it came as", async () => {
  const { outputs } = await accessFiles.create(inputs);

  expect(JSON.stringify(outputs)).not.toContain("PRIVATE KEY");
});

test.each([
  ["key", () => rm(join(inputs.folder, "id_ed25519"))],
  ["pinned host keys", () => writeFile(join(inputs.folder, "known_hosts"), "other")],
  ["Include", () => writeFile(join(home, ".ssh", "config"), "Host box\n")],
  ["context", () => rm(join(home, ".docker", "contexts"), { recursive: true })],
])("a lost %s is seen, and made good", async (_, lose) => {
  const { id, state } = await made();
  await expect(accessFiles.read?.(id, state)).resolves.toEqual({ digest: state.digest });

  await lose();
  await expect(accessFiles.read?.(id, state)).resolves.toBeUndefined();

  await made();
  await expect(accessFiles.read?.(id, state)).resolves.toEqual({ digest: state.digest });
});

test("a host that is no more loses its alias and its context", async () => {
  const { id, state } = await made();

  await accessFiles.update?.(id, state, { ...inputs, hosts: inputs.hosts.slice(0, 1) });

  expect(await contextsOf("dev")).toEqual(["drydock-dev-a"]);
  expect(await readFile(join(inputs.folder, "ssh_config"), "utf8")).not.toContain("drydock-dev-b");
});

test("deleted it leaves nothing, and deleting again is fine", async () => {
  const { id, state } = await made();
  const other = { ...inputs, stack: "other", folder: join(home, "stacks", "other"), hosts: [] };
  await accessFiles.create(other);

  await accessFiles.delete?.(id, state);
  expect(await contextsOf("dev")).toEqual([]);
  await expect(stat(inputs.folder)).rejects.toThrow("ENOENT");
  expect(await userConfig()).toContain("Include");

  await accessFiles.delete?.(other.folder, { ...other, digest: "" });
  await accessFiles.delete?.(id, state);
  await expect(userConfig()).rejects.toThrow("ENOENT");
});
