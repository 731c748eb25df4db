import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { LiveHosts } from "../../../cli/liveHosts.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { eventLog } from "../../../stacks/home.ts";
import { openStack } from "../../../stacks/stack.ts";
import { startDrydock } from "../support/drydock.ts";
import { useSandbox } from "../support/sandbox.ts";
import { filesWithSecrets, privateKey, secretsIn, word, type Secret } from "../support/secrets.ts";
import { watch } from "../support/watch.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("secrets");
const secrets: Secret[] = [];
/** What the commands said, what their processes were started with, and what Pulumi told meanwhile. */
const heard = new Set<string>();
/** While the stack was up, what the engine shows of each object, its log included. */
const shown: Record<string, string> = {};
const files: Record<"up" | "down", string[]> = { up: [], down: [] };
const modes: Record<string, string> = {};
let state = "";

const inHome = (...path: string[]) => join(sandbox.home, ...path);

beforeAll(async () => {
  await sandbox.configure(name, { lab: "overlay-vxlan" });
  await hear("up");
  await learnSecrets();
  for (const command of ["status", "audit", "env", "graph", "plan"]) await hear(command, "--json");
  await lookAtEngine();
  files.up = await filesWithSecrets(sandbox.root, secrets);
  state = await readFile(inHome("state", ".pulumi", "stacks", "drydock", `${name}.json`), "utf8");
  for (const path of [...folders, ...privateFiles]) modes[path] = ((await stat(inHome(path))).mode & 0o777).toString(8);
  await hear("down");
  files.down = await filesWithSecrets(sandbox.root, secrets);
  // The first `up` on a machine makes the images.
}, 600_000);

const folders = [".", "stacks", `stacks/${name}`, "settings"];
const privateFiles = [
  "passphrase",
  `stacks/${name}/id_ed25519`,
  `stacks/${name}/ssh_config`,
  `settings/Pulumi.${name}.yaml`,
];

/** Runs a command and keeps all that it and its processes tell. */
async function hear(...args: string[]): Promise<void> {
  const command = startDrydock(...args, "--stack", name, "--debug");
  for (const text of await watch(command, { home: sandbox.home, log: eventLog(name) })) heard.add(text);
  const { exitCode, all } = await command;
  expect(exitCode, `drydock ${args.join(" ")} said:\n${all}`).toBe(args[0] === "audit" ? 1 : 0);
  heard.add(all);
}

async function learnSecrets(): Promise<void> {
  const hosts = await LiveHosts.of(await openStack(name));
  const on = async (host: string, command: string) => (await hosts.run(host, command)).stdout;
  secrets.push(
    word("the passphrase", await readFile(inHome("passphrase"), "utf8")),
    word("the workers' token", await on("manager-1", "docker swarm join-token -q worker")),
    word("the managers' token", await on("manager-1", "docker swarm join-token -q manager")),
    privateKey("the learner's key", await readFile(inHome("stacks", name, "id_ed25519"), "utf8")),
    privateKey("the manager's key", await on("manager-1", "cat /etc/drydock/ssh_host_ed25519_key")),
    privateKey("the worker's key", await on("worker-1", "cat /etc/drydock/ssh_host_ed25519_key")),
  );
}

async function lookAtEngine(): Promise<void> {
  const engine = await outerEngine();
  const filters = { label: [`drydock.stack=${name}`] };
  for (const {
    Id: id,
    Names: [container = ""],
  } of await engine.listContainers({ all: true, filters })) {
    const log = await engine.getContainer(id).logs({ stdout: true, stderr: true, follow: false });
    shown[container] = JSON.stringify(await engine.getContainer(id).inspect()) + log.toString("latin1");
  }
  shown.networks = JSON.stringify(await engine.listNetworks({ filters }));
  shown.volumes = JSON.stringify(await engine.listVolumes({ filters }));
}

test("the secrets are known, and a search finds each", () => {
  for (const { name: secret, needles } of secrets) {
    expect(needles.length).toBeGreaterThan(1);
    for (const needle of needles) expect(secretsIn(`{"x":"${needle}\\n"}`, secrets)).toEqual([secret]);
  }
});

test("no file has a secret but the passphrase and the learner's key: not state, backups, history, logs", () => {
  expect(files.up).toEqual(["home/passphrase: the passphrase", `home/stacks/${name}/id_ed25519: the learner's key`]);
  expect(state).toContain('"ciphertext"');
});

test("after down no file has a secret but the passphrase", () => {
  expect(files.down).toEqual(["home/passphrase: the passphrase"]);
});

test("no process was started with a secret, no output and no event told one", () => {
  const texts = [...heard];
  expect(texts.filter((text) => text.includes("pulumi\0up\0"))).not.toEqual([]);
  expect(texts.filter((text) => text.includes('"resourcePreEvent"'))).not.toEqual([]);
  expect(texts.flatMap((text) => secretsIn(text, secrets))).toEqual([]);
});

test("the engine shows no secret of containers, networks and volumes, nor in their logs", () => {
  expect(Object.keys(shown)).toHaveLength(5);
  const told = Object.entries(shown).map(([object, text]) => [object, secretsIn(text, secrets)]);
  expect(told.filter(([, names]) => names?.length)).toEqual([]);
});

test("what is secret is its owner's alone", () => {
  const wanted = [...folders.map((path) => [path, "700"]), ...privateFiles.map((path) => [path, "600"])];
  expect(modes).toEqual(Object.fromEntries(wanted));
});
