import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { beforeEach, expect, test, vi } from "vitest";
import { up } from "../../stacks/lifecycle.ts";
import { silentReporter } from "../../stacks/reporter.ts";
import { sitesOf } from "../../stacks/sites.ts";
import { makeOwnSettings, openStack } from "../../stacks/stack.ts";
import { readState, stateFile } from "../../stacks/stateFile.ts";
import { temporaryFolder } from "../temporaryFolder.ts";
import { hostKeyOf } from "./ssh/hostKey.ts";

const name = "t-sites";
const onEc2 = (region: string) => ({
  lab: "swarm-basics",
  target: "ec2",
  ec2: { region, sshFrom: "198.51.100.0/24" },
});

const onMachines = (...addresses: string[]) => ({
  lab: "tracing",
  target: "ssh",
  machines: addresses.map((address, index) => ({ ssh: `root@${address}`, hostKey: hostKeyOf(index) })),
});
const login = { user: "root", host: "10.0.0.9", port: 22, hostKey: hostKeyOf(9) };

beforeEach(async () => {
  vi.stubEnv("DRYDOCK_HOME", await temporaryFolder());
  vi.stubEnv("DOCKER_HOST", "unix:///some.sock");
  return () => vi.unstubAllEnvs();
});

/** A state whose hosts were made there. */
async function made(
  where: { engineUrl: string } | { region: string } | { login: object; identity: string },
): Promise<void> {
  const type =
    "region" in where ? "pulumi:providers:aws" : `drydock:index:${"login" in where ? "Machine" : "HostContainer"}`;
  const instance = { type: "aws:ec2/instance:Instance", custom: true, id: "i-1" };
  const resources = [{ type, custom: true, id: "1", inputs: where }, ...("region" in where ? [instance] : [])];
  await makeCheckpoint({ resources });
}

async function makeCheckpoint(latest: object): Promise<void> {
  await mkdir(dirname(stateFile("drydock", name)), { recursive: true });
  await writeFile(stateFile("drydock", name), JSON.stringify({ version: 3, checkpoint: { latest } }));
}

/** Where a stack may have something: regions and URLs of engines, "here" for the engine of this machine. */
async function placesOf(stack: string): Promise<string[]> {
  const sites = await sitesOf(stack, await readState("drydock", stack));
  return sites.map((site) => (site.isElsewhere ? site.name.replace(/^EC2 in /, "") : "here"));
}

test("a stack of which nothing is known is this machine's engine's", async () => {
  expect(await placesOf(name)).toEqual(["here"]);
});

test("a stack on EC2 is looked for there alone: it needs no engine here", async () => {
  await makeOwnSettings(name, onEc2("eu-west-1"));
  expect(await placesOf(name)).toEqual(["eu-west-1"]);
});

test("what was made is looked for where it was made, whatever the settings say since", async () => {
  await made({ region: "us-east-1" });
  expect(await placesOf(name)).toEqual(["us-east-1"]);

  await makeOwnSettings(name, onEc2("eu-west-1"));
  expect(await placesOf(name)).toEqual(["us-east-1"]);

  await makeOwnSettings(name, { lab: "swarm-basics" });
  expect(await placesOf(name)).toEqual(["here", "us-east-1"]);

  await made({ engineUrl: "unix:///some.sock" });
  await makeOwnSettings(name, onEc2("eu-west-1"));
  expect(await placesOf(name)).toEqual(["here"]);
});

test("a stack whose up failed before anything was made leaves nobody to be asked; one that was cut off does", async () => {
  const provider = { type: "pulumi:providers:aws", custom: true, id: "1", inputs: { region: "eu-west-1" } };
  await makeOwnSettings(name, onEc2("eu-west-1"));
  await makeCheckpoint({ resources: [provider] });
  expect(await placesOf(name)).toEqual([]);
  await makeCheckpoint({ resources: [provider], pending_operations: [{ type: "creating" }] });
  expect(await placesOf(name)).toEqual(["eu-west-1"]);

  await makeOwnSettings(name, onMachines("10.0.0.1", "10.0.0.2"));
  await makeCheckpoint({ resources: [] });
  expect(await placesOf(name)).toEqual([]);
  await makeCheckpoint({ resources: [], pending_operations: [{ type: "creating" }] });
  expect(await placesOf(name)).toEqual(["root@10.0.0.1:22", "root@10.0.0.2:22"]);
});

test("a stack on the engine of another machine is looked for there", async () => {
  await makeOwnSettings(name, { lab: "swarm-basics", engine: "ssh://root@lab2" });
  expect(await placesOf(name)).toEqual(["ssh://root@lab2"]);

  await made({ engineUrl: "ssh://root@lab1" });
  expect(await placesOf(name)).toEqual(["ssh://root@lab1"]);
});

test("a stack on machines is looked for on those that it was made on, and without a state on those of its settings", async () => {
  await makeOwnSettings(name, onMachines("10.0.0.1", "10.0.0.2"));
  expect(await placesOf(name)).toEqual(["root@10.0.0.1:22", "root@10.0.0.2:22"]);
  const [, second] = await sitesOf(name, undefined);
  const removal = second?.removal({ kind: "machine", id: "root@10.0.0.2:22", name: "", labels: {} });
  expect(removal).toBe("ssh -p 22 root@10.0.0.2 sh /var/lib/drydock-machine/restore");

  await made({ login, identity: "id" });
  expect(await placesOf(name)).toEqual(["root@10.0.0.9:22"]);
});

test.each([
  [{ region: "us-east-1" }, onEc2("eu-west-1"), "is on EC2 in us-east-1, and its settings want it on EC2 in eu-west-1"],
  [{ region: "us-east-1" }, { lab: "swarm-basics" }, "is on EC2 in us-east-1, and its settings want it on an engine"],
  [{ engineUrl: "unix:///x" }, onEc2("eu-west-1"), "is on an engine, and its settings want it on EC2 in eu-west-1"],
  [
    { engineUrl: "unix:///x" },
    onMachines("10.0.0.1"),
    "is on an engine, and its settings want it on machines over SSH",
  ],
  [
    { login, identity: "id" },
    { lab: "swarm-basics" },
    "is on machines over SSH, and its settings want it on an engine",
  ],
])("up refuses to leave hosts behind elsewhere: %o", async (where, settings, words) => {
  await made(where);
  await makeOwnSettings(name, settings);
  const check = () => Promise.reject(new Error("it went on"));

  await expect(up(await openStack(name), { reporter: silentReporter, check })).rejects.toThrow(words);
});
