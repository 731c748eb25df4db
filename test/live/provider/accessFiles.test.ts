import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { accessFiles, type AccessFilesInputs } from "../../../provider/resources/accessFiles.ts";
import { keyPair } from "../../engine/sshServer.ts";
import { testLab, type TestHost, type TestLab } from "./testLab.ts";

const alias = "drydock-test-alias";
let home: string;
let lab: TestLab;
let host: TestHost;
let inputs: AccessFilesInputs;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "drydock-test-"));
  lab = await testLab("access", ["a"]);
  host = lab.host("a");
  await host.up();
  vi.stubEnv("HOME", home);
  vi.stubEnv("DOCKER_CONFIG", join(home, ".docker"));
  vi.stubEnv("DOCKER_HOST", undefined);
  const { port, hostKey, privateKey } = host.ssh;
  inputs = {
    stack: lab.plan.stack,
    folder: join(home, "stacks", "dev"),
    hosts: [{ alias, port, hostKey }],
    privateKey,
  };
  // OpenSSH takes the home from the user database, not from the environment.
  await mkdir(join(home, "bin"));
  await writeFile(join(home, "bin", "ssh"), `#!/bin/sh\nPATH="\${PATH#*:}" exec ssh -F "${home}/.ssh/config" "$@"\n`, {
    mode: 0o755,
  });
  vi.stubEnv("PATH", `${join(home, "bin")}:${process.env.PATH}`);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await lab.remove();
  await rm(home, { recursive: true });
});

function run(command: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return { status, stdout: stdout.trim(), stderr };
}

test("the learner's own ssh and docker reach a host by its alias", async () => {
  await accessFiles.create(inputs);

  expect(run("ssh", alias, "hostname")).toEqual({ status: 0, stdout: "a", stderr: "" });
  expect(run("docker", "--context", alias, "info", "--format", "{{.Name}}")).toMatchObject({ status: 0, stdout: "a" });
});

test("the learner's own ssh refuses a host with another key", async () => {
  await accessFiles.create({ ...inputs, hosts: [{ alias, port: host.ssh.port, hostKey: keyPair().publicKey }] });

  expect(run("ssh", alias, "hostname")).toMatchObject({
    status: 255,
    stderr: expect.stringContaining("HOST IDENTIFICATION HAS CHANGED") as string,
  });
});
