import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ephemeralStack } from "../../cli/verify/ephemeralStack.ts";
import type { HostStatus, StackStatus } from "../../cli/stackStatus.ts";
import { outerEngine } from "../../engine/outer.ts";
import { cidr, contains } from "../../stacks/cidr.ts";
import { checkout } from "../../stacks/home.ts";
import type { Plan } from "../../stacks/plan.ts";
import { makeOwnSettings } from "../../stacks/stack.ts";

let stack = "";
let folder = "";

/** Runs a command on the stack as a user would. */
async function drydock(...args: string[]) {
  const [name = "", ...rest] = args;
  const argv = [join(checkout, "cli", "main.ts"), name, "--stack", stack, ...rest];
  const { exitCode, stdout, stderr } = await execa(process.execPath, argv, { reject: false, stdin: "ignore" });
  return { code: exitCode, stdout, stderr };
}

const hostOf = async (name: string) => {
  const { stdout } = await drydock("status", "--json");
  return (JSON.parse(stdout) as { hosts: HostStatus[] }).hosts.find((host) => host.name === name);
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "drydock-live-"));
  const made = await ephemeralStack("swarm-basics", { purpose: "cli" });
  stack = made.name;
  await makeOwnSettings(stack, made.settings);
  const up = await drydock("up");
  expect(up).toMatchObject({ code: 0 });
  expect(up.stdout).toContain(`drydock ssh host-1 --stack ${stack}`);
});

afterAll(async () => {
  expect(await drydock("down")).toMatchObject({ code: 0 });
  const audit = await drydock("audit");
  expect(audit).toMatchObject({ code: 0, stdout: `Nothing of stack ${stack} is there.` });
  expect(await drydock("status")).toMatchObject({ code: 2 });
  await rm(folder, { recursive: true });
});

describe("exec", () => {
  test("passes output and exit code through", async () => {
    expect(await drydock("exec", "host-1", "--", "sh", "-c", "echo out; echo err >&2; exit 7")).toEqual({
      code: 7,
      stdout: "out",
      stderr: "err",
    });
  });

  test("hands words on as they are, and a single one to the shell", async () => {
    expect((await drydock("exec", "host-1", "--", "echo", "a  b", "$HOME", "'")).stdout).toBe("a  b $HOME '");
    expect((await drydock("exec", "host-1", "--", "echo a | tr a b")).stdout).toBe("b");
  });

  test("an unknown host is answered by the known", async () => {
    const { code, stderr } = await drydock("exec", "host-9", "--", "true");
    expect(code).toBe(2);
    expect(stderr).toMatch(/no host "host-9"[^]*host-1, host-2, host-3/);
  });

  test("a command that takes too long is given up", async () => {
    const { code, stderr } = await drydock("exec", "--timeout", "1", "host-1", "--", "sleep", "60");
    expect(code).not.toBe(0);
    expect(stderr).toContain("within 1 s");
  });
});

test("ssh --json says how to reach a host, and it is so", async () => {
  const { stdout } = await drydock("ssh", "host-2", "--json");
  const { config, alias } = JSON.parse(stdout) as { config: string; alias: string };
  const session = await execa("ssh", ["-F", config, alias, "hostname"]);
  expect(session.stdout).toBe("host-2");
});

test("check exits with 1 on a fresh lab, and writes a report", async () => {
  const file = join(folder, "checks.xml");
  const { code, stdout } = await drydock("check", "--junit", file);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^0 passed, [1-9]\d* failed/m);
  expect(await readFile(file, "utf8")).toMatch(/<testsuite name="swarm-basics" tests="\d+" failures="[1-9]/);
});

test("hint helps with the first step that is not done", async () => {
  const { code, stdout } = await drydock("hint");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Step 1: /);
});

test("graph writes a picture of what is up", async () => {
  const file = join(folder, "lab.svg");
  expect(await drydock("graph", "--svg", file)).toMatchObject({ code: 0 });
  expect(await readFile(file, "utf8")).toContain(">host-3</text>");
});

test("reset makes the hosts anew and does the steps again up to the one asked for", async () => {
  await drydock("exec", "host-1", "--", "touch /root/mine");
  expect(await drydock("reset", "--to", "1")).toMatchObject({ code: 0, stdout: "The lab is as it is after step 1." });
  expect(await drydock("exec", "host-1", "--", "test -e /root/mine")).toMatchObject({ code: 1 });
  expect(await drydock("check", "--step", "1")).toMatchObject({ code: 0 });
  expect(await drydock("check", "--step", "2")).toMatchObject({ code: 1 });
});

test("solve does a step, and hint then helps with the next", async () => {
  expect(await drydock("solve", "--from", "2", "--to", "2")).toMatchObject({ code: 0 });
  expect(await drydock("check", "--step", "2")).toMatchObject({ code: 0 });
  expect((await drydock("hint")).stdout).toMatch(/^Step 3: /);
});

test("graph and status show the Swarm that the learner has formed", async () => {
  const mermaid = (await drydock("graph")).stdout;
  expect(mermaid).toMatch(/"host-1<br\/>manager<br\/>/);
  expect(mermaid).toMatch(/"host-3<br\/>worker<br\/>/);
  expect(await drydock("exec", "host-1", "--", "docker network create --driver overlay mine")).toMatchObject({
    code: 0,
  });
  const { networks } = JSON.parse((await drydock("status", "--json")).stdout) as StackStatus;
  const subnet = networks.find(({ name }) => name === "mine")?.subnet ?? "";
  const { plan } = JSON.parse((await drydock("plan", "--json")).stdout) as { plan: Plan };
  expect(contains(cidr(plan.swarm.overlayBase), cidr(subnet)), `${subnet} of ${plan.swarm.overlayBase}`).toBe(true);
  expect((await drydock("graph")).stdout).toContain(`["mine<br/>overlay ${subnet}`);
  const { stdout } = await drydock("status");
  expect(stdout).toContain(`network mine: overlay ${subnet}`);
  expect(stdout).toMatch(/leader, ready/);
});

test("a host that is dead is told by status within seconds, and up repairs it", async () => {
  const container = (await outerEngine()).getContainer(`drydock-${stack}-host-3`);
  await container.stop({ t: 0 });
  const start = performance.now();
  expect(await drydock("status")).toMatchObject({ code: 1 });
  expect(performance.now() - start).toBeLessThan(15_000);
  const dead = await hostOf("host-3");
  expect(dead?.container).toBe("exited");
  expect(dead?.problem).toMatch(/SSH to root@127\.0\.0\.1/);
  expect(await hostOf("host-1")).toMatchObject({ container: "running", engine: expect.any(String) as string });
  expect(await drydock("up")).toMatchObject({ code: 0 });
  expect(await drydock("status")).toMatchObject({ code: 0 });
});
