import { createServer } from "node:net";
import type Docker from "dockerode";
import { afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { outerEngine } from "../../../engine/outer.ts";
import { baseImage } from "../../../images/image.ts";
import { parseBlock } from "../../../stacks/block.ts";
import { label } from "../../../stacks/labels.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import { project } from "../../../stacks/project.ts";
import { drydock, drydockJson, drydockJsonExits } from "../support/drydock.ts";
import { takeInventory } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();

const name = testStack("taken");
const stack = ["--stack", name];

let engine: Docker;

beforeAll(async () => {
  engine = await outerEngine();
});

afterEach(async () => {
  await drydockJson("down", ...stack);
});

interface Refusal {
  error: { message: string; details: string[] };
}

/** What `up` refuses for; it must have made nothing. */
async function refusal(): Promise<string> {
  const before = await takeInventory(sandbox);
  const { error } = await drydockJsonExits<Refusal>(3, "up", ...stack);
  expect((await takeInventory(sandbox)).objects).toEqual(before.objects);
  return error.details.join("\n");
}

test("a container's name that is taken", async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  const holder = await engine.createContainer({ name: `drydock-${name}-host-2`, Image: baseImage, Cmd: ["true"] });
  onTestFinished(() => holder.remove());
  expect(await refusal()).toContain(`container drydock-${name}-host-2: taken by container drydock-${name}-host-2`);
});

test("a network's name that is taken", async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  const holder = await engine.createNetwork({ Name: `drydock-${name}`, Internal: true });
  onTestFinished(() => holder.remove());
  expect(await refusal()).toContain(`network drydock-${name}: taken by network drydock-${name}`);
});

test("a volume's name that is taken", async () => {
  await sandbox.configure(name, { lab: "swarm-basics" });
  await engine.createVolume({ Name: `drydock-${name}-host-1-docker` });
  onTestFinished(() => engine.getVolume(`drydock-${name}-host-1-docker`).remove());
  expect(await refusal()).toContain(`volume drydock-${name}-host-1-docker: taken by`);
});

test("addresses and ports that are taken; with what the refusal proposes, up works", async () => {
  const { addresses, ports } = await sandbox.configure(name, { lab: "swarm-basics" });
  const subnet = addresses.replace("/19", "/28");
  expect(parseBlock(addresses)).toBeDefined();
  const network = await engine.createNetwork({ Name: `${name}-holder`, IPAM: { Config: [{ Subnet: subnet }] } });
  onTestFinished(() => network.remove());
  const server = createServer().listen(ports + 1, "127.0.0.1");
  onTestFinished(() => void server.close());

  const details = await refusal();
  expect(details).toContain(`drydock:addresses ${addresses}: taken by network ${name}-holder (${subnet})`);
  expect(details).toMatch(
    new RegExp(`drydock:ports, port ${ports + 1} \\(SSH of host-2\\): taken by .*${process.pid}`),
  );

  const proposed = [...details.matchAll(/Set drydock:(addresses|ports) to (\S+) in Pulumi/g)];
  const settings = Object.fromEntries(proposed.map(([, key = "", value = ""]) => [key, value]));
  expect(Object.keys(settings).sort()).toEqual(["addresses", "ports"]);
  await sandbox.configure(name, { lab: "swarm-basics", ...settings });
  expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: true });
});

test("a stack of the name that another home has: down leaves it alone, names it and its home, and does not say nothing", async () => {
  const home = "another-machine:/home/eve/.drydock#0123abcd";
  const Labels = { [label.project]: project, [label.stack]: name, [label.home]: home };
  const holder = await engine.createContainer({ name: `${name}-of-eve`, Image: baseImage, Cmd: ["true"], Labels });
  let answers;
  try {
    answers = [await drydock("down", ...stack), await drydock("audit", ...stack)];
    await holder.inspect();
  } finally {
    await holder.remove();
  }
  for (const { code, text } of answers) {
    expect(code).toBe(1);
    expect(text).toContain(`${name}-of-eve`);
    expect(text).toContain(home);
  }
});
