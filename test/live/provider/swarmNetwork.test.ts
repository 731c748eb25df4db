import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { overlayMtu } from "../../../components/overlayMtu.ts";
import { swarmNetwork, type SwarmNetworkInputs } from "../../../provider/resources/swarmNetwork.ts";
import { testLab, type TestLab } from "./testLab.ts";
import { testSwarm } from "./testSwarm.ts";

let lab: TestLab;
let inputs: SwarmNetworkInputs;

beforeAll(async () => {
  lab = await testLab("overlay", ["a", "b"]);
  await Promise.all(["a", "b"].map((name) => lab.host(name).up()));
  const swarm = testSwarm(lab, ["a"]);
  const { clusterId } = await swarm.settle("a");
  await swarm.settle("b", { role: "worker" });
  await Promise.all(
    ["a", "b"].map((name) => lab.host(name).run("tar c --files-from /dev/null | docker import - empty")),
  );
  inputs = {
    managers: [lab.host("a").member],
    name: "web",
    subnet: "",
    attachable: true,
    encrypted: false,
    pathMtu: 1500,
    labels: lab.plan.labels,
    clusterId,
  };
});

afterAll(() => lab.remove());

beforeEach(async () => {
  for (const name of ["a", "b"]) await lab.host(name).run("docker ps -aq | xargs -r docker rm -f");
  await lab.host("a").run("docker network rm -f web");
});

const shown = async (format: string) => lab.host("a").run(`docker network inspect web --format '${format}'`);

/** Runs a program of the host in a container on the network. */
const attached = (options: string, command: string) =>
  `docker run --network web -v /usr:/usr:ro -v /usr/bin:/bin:ro -v /usr/lib64:/lib64:ro -v /usr/lib:/lib:ro ${options} empty ${command}`;

test("an overlay is of the Swarm's own addresses, and has its options and labels", async () => {
  const { id, outputs } = await swarmNetwork.create({ ...inputs, encrypted: true, attachable: false });

  expect(outputs.networkId).toBe(id);
  expect(outputs.actualSubnet).toBe(await shown("{{(index .IPAM.Config 0).Subnet}}"));
  expect(await shown("{{.Driver}} {{.Scope}} {{.Attachable}}")).toBe("overlay swarm false");
  expect(JSON.parse(await shown("{{json .Options}}"))).toMatchObject({
    encrypted: "",
    "com.docker.network.driver.mtu": "1500",
  });
  expect(JSON.parse(await shown("{{json .Labels}}"))).toEqual(lab.plan.labels);
});

test("a subnet that is named is the network's", async () => {
  const { outputs } = await swarmNetwork.create({ ...inputs, subnet: "10.99.7.0/24" });

  expect(outputs.actualSubnet).toBe("10.99.7.0/24");
});

test("made twice it is one network", async () => {
  const first = await swarmNetwork.create(inputs);

  expect(await swarmNetwork.create(inputs)).toEqual(first);
});

test("one that the learner made just so is taken over", async () => {
  const made = await lab.host("a").run("docker network create --driver overlay --attachable web");

  expect((await swarmNetwork.create(inputs)).id).toBe(made);
});

test("one of ours that is to be another is made anew", async () => {
  const first = await swarmNetwork.create(inputs);
  const second = await swarmNetwork.create({ ...inputs, pathMtu: 1400 });

  expect(second.id).not.toBe(first.id);
  expect(JSON.parse(await shown("{{json .Options}}"))).toMatchObject({ "com.docker.network.driver.mtu": "1400" });
});

test.each([
  ["an overlay", "--driver overlay --attachable --opt encrypted"],
  ["a bridge", "--driver bridge"],
])("%s of that name that is not ours and not what we want is left alone", async (_, options) => {
  const theirs = await lab.host("a").run(`docker network create ${options} web`);

  await expect(swarmNetwork.create(inputs)).rejects.toThrow(/^The network name web is taken[^]*docker network rm web/);
  expect(await shown("{{.Id}}")).toBe(theirs);
});

test("one that was removed by hand is seen as gone, and deleting it is fine", async () => {
  const { id, outputs } = await swarmNetwork.create(inputs);
  expect(await swarmNetwork.read?.(id, { ...inputs, ...outputs })).toEqual(outputs);

  await lab.host("a").run("docker network rm web");

  expect(await swarmNetwork.read?.(id, { ...inputs, ...outputs })).toBeUndefined();
  await swarmNetwork.delete?.(id, { ...inputs, ...outputs });
});

test("it is deleted", async () => {
  const { id, outputs } = await swarmNetwork.create(inputs);

  await swarmNetwork.delete?.(id, { ...inputs, ...outputs });

  expect(await lab.host("a").run("docker network ls --filter name=web -q")).toBe("");
});

test("without a manager none is made, and where it looked is said", async () => {
  const elsewhere = { ...inputs, managers: [lab.host("b").member] };

  await expect(swarmNetwork.create(elsewhere)).rejects.toThrow(
    "no manager of the Swarm answers, so the network web cannot be made; looked at b",
  );
});

describe.each([
  ["plain", false],
  ["encrypted", true],
])("on a path of 1400 bytes a %s overlay", (_, encrypted) => {
  test("gives its containers the MTU that the stack's outputs say", async () => {
    await swarmNetwork.create({ ...inputs, pathMtu: 1400, encrypted });

    const mtu = await lab.host("a").run(attached("--rm", "cat /sys/class/net/eth0/mtu"));

    expect(Number(mtu)).toBe(overlayMtu(1400, encrypted));
  });
});

test("containers on two hosts reach each other by name, with packets as large as the MTU allows and no larger", async () => {
  await swarmNetwork.create(inputs);
  await lab.host("a").run(attached("--detach --name server", "sleep 600"));
  const payload = overlayMtu(1500, false) - 28;
  const ping = (bytes: number) => lab.host("b").run(attached("--rm", `ping -c1 -W5 -M do -s ${bytes} server`));

  await expect(ping(payload)).resolves.toContain("1 received");
  await expect(ping(payload + 1)).rejects.toThrow(/message too long/i);
});
