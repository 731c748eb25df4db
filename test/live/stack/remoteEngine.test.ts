import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { labelledObjects } from "../../../stacks/inventory.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { useRemoteMachines } from "../support/remoteMachines.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();
const { machines, know } = useRemoteMachines(sandbox, 1);

const name = testStack("far");
const stack = ["--stack", name];
const lab = "private-registry";

const there = async () => labelledObjects(machines[0]?.docker ?? (await outerEngine()), { stack: name });
const here = async () => labelledObjects(await outerEngine(), { stack: name });

/** What a program prints; its words when it fails. */
function run(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8" });
  return stdout.trim() || stderr;
}

test("a machine whose host key is not known is refused, with what to do, and nothing is made", async () => {
  const engine = machines[0]?.url;
  await sandbox.configure(name, { lab, engine });
  const text = await drydockExits(3, "up", ...stack);
  expect(text).toContain(`No Docker engine answers at ${engine}`);
  expect(text).toContain("add the machine's host key to ~/.ssh/known_hosts");
  await know();
  expect(await there()).toEqual([]);
});

test("a stack stands on the engine that its settings name, and every way leads to it", async () => {
  await know();
  const first = await drydockJson<UpReport>("up", ...stack);
  expect(first.changed).toBe(true);
  expect((await there()).map(({ name }) => name)).toContain(`drydock-${name}-client`);
  expect(await here()).toEqual([]);
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });

  await drydockExits(0, "status", ...stack);
  const alias = `drydock-${name}-client`;
  expect(await drydockExits(0, "exec", ...stack, "client", "--", "hostname")).toBe("client");
  expect(run("ssh", alias, "hostname")).toBe("client");
  expect(run("docker", "--context", alias, "info", "--format", "{{ .Name }}")).toBe("client");

  await drydockExits(1, "check", ...stack);
  await drydockExits(0, "solve", ...stack);
  await drydockExits(0, "check", ...stack);
});

test("a host that was lost there is made good", async () => {
  await machines[0]?.docker.getContainer(`drydock-${name}-client`).remove({ force: true });
  await drydockExits(1, "status", ...stack);
  await drydockJson<UpReport>("up", ...stack);
  await drydockExits(0, "status", ...stack);
});

test("it moves only when it was taken down, which goes where it stands", async () => {
  const place = await sandbox.configure(name, { lab });
  expect(place).toBeDefined();
  expect(await drydockExits(3, "up", ...stack)).toContain(`is on the engine ${machines[0]?.url}`);

  const { removed, left } = await drydockJson<DownReport>("down", ...stack);
  expect(left).toEqual([]);
  expect(removed).toContain(`container drydock-${name}-client`);
  expect(await there()).toEqual([]);
  await drydockExits(0, "audit", ...stack);
});
