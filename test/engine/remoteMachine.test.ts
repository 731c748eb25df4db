import { afterEach, expect, test, vi } from "vitest";
import { outerEngine } from "../../engine/outer.ts";
import { remoteEngine, runOn, sshDestination, sshOptions } from "../../engine/remoteMachine.ts";
import { connectSsh } from "../../engine/ssh.ts";
import { fakeEngine } from "./fakeEngine.ts";
import { fakeSsh } from "./fakeSsh.ts";
import { sshServer } from "./sshServer.ts";

afterEach(() => {
  vi.unstubAllEnvs();
});

let machines = 0;
/** A URL that no test before has used: clients of an engine are kept. */
const machine = () => `ssh://root@lab${++machines}.example.com:2222`;

test.each([
  ["ssh://root@lab1", ["-l", "root", "--", "lab1"]],
  ["ssh://lab1.example.com:2222", ["-p", "2222", "--", "lab1.example.com"]],
  ["ssh://ada@[2001:db8::1]:22", ["-l", "ada", "-p", "22", "--", "2001:db8::1"]],
])("%s is a machine that ssh reaches", (url, destination) => {
  expect(sshDestination(url)).toEqual(destination);
});

test.each([
  "ssh://",
  "ssh://-oProxyCommand=id",
  "ssh://-x@lab1",
  "ssh://root:secret@lab1",
  "ssh://lab1/run/docker.sock",
  "ssh://lab1 id",
  "tcp://lab1:2375",
])("%s is none", (url) => {
  expect(remoteEngine.test(url)).toBe(false);
  expect(() => sshDestination(url)).toThrow("names no engine on another machine");
});

test("ssh asks nobody, and takes no key that it does not know", async () => {
  await fakeSsh();
  expect(sshOptions(machine())).toEqual(expect.arrayContaining(["BatchMode=yes", "StrictHostKeyChecking=yes"]));
});

test("its engine is asked over one connection, kept for the next question", async () => {
  const engine = await fakeEngine(({ route }) => ({
    status: 200,
    json: route.endsWith("/version") ? { Version: "26" } : "OK",
  }));
  await fakeSsh({ engineSocket: engine.socket });

  const docker = await outerEngine(machine());
  expect((await docker.version()).Version).toBe("26");
  expect(engine.requests.map(({ route }) => route)).toEqual(["GET /_ping", "GET /version"]);
});

test.each([
  ["Host key verification failed.", "~/.ssh/known_hosts"],
  ["root@lab1: Permission denied (publickey).", "ssh-add"],
  ["sh: 1: docker: not found", "install Docker there"],
  ["permission denied while trying to connect to the Docker daemon socket", "usermod -aG docker"],
  ["ssh: connect to host lab1 port 2222: Connection refused", "docker version` works"],
])('where ssh says "%s" the engine is named, with what to do', async (refusal, fix) => {
  await fakeSsh({ refusal });
  const url = machine();
  await expect(outerEngine(url)).rejects.toMatchObject({
    name: "MachineError",
    summary: `No Docker engine answers at ${url}`,
    details: [refusal],
    fix: expect.stringContaining(fix) as string,
  });
});

test("without ssh on this machine that is said", async () => {
  await fakeSsh();
  vi.stubEnv("PATH", "/nonexistent");
  await expect(outerEngine(machine())).rejects.toMatchObject({
    fix: expect.stringContaining("openssh-client") as string,
  });
});

test("a command runs there, with its input, and answers with its code", async () => {
  await fakeSsh();
  expect(await runOn(machine(), "cat; exit 3", { stdin: "words" })).toEqual({ code: 3, stdout: "words", stderr: "" });
});

test("a machine that cannot be reached is an error in ssh's words", async () => {
  await fakeSsh({ refusal: "Connection refused" });
  await expect(runOn(machine(), "true")).rejects.toThrow("Connection refused");
});

test("a host on the machine's loopback is reached by way of it, its own key pinned", async () => {
  await fakeSsh();
  const server = await sshServer({ exec: (command, channel) => void channel.end(`ran ${command}`) });
  const target = { ...server.target, via: machine() };

  const session = await connectSsh(target, { deadlineMs: 5_000 });
  expect((await session.run("hostname")).stdout).toBe("ran hostname");
  session.close();
  await session.ended;

  const other = await sshServer();
  const wrong = { ...target, hostKey: other.target.hostKey };
  await expect(connectSsh(wrong, { deadlineMs: 5_000 })).rejects.toThrow(`by ${target.via}`);
});

test("a host that cannot be reached is named, with the machine and ssh's words", async () => {
  await fakeSsh({ refusal: "Connection timed out" });
  const { target } = await sshServer();
  const via = machine();
  await expect(connectSsh({ ...target, via }, { deadlineMs: 5_000 })).rejects.toThrow(
    `SSH to root@127.0.0.1:${target.port} by ${via}: Connection timed out`,
  );
});
