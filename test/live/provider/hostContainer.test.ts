import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { hostContainer } from "../../../provider/resources/hostContainer.ts";
import { hostReady } from "../../../provider/resources/hostReady.ts";
import { testLab, type TestHost, type TestLab } from "./testLab.ts";

let lab: TestLab;
let host: TestHost;
let id: string;

beforeAll(async () => {
  lab = await testLab("host", ["a", "b"]);
  host = lab.host("a");
});

afterAll(() => lab.remove());

beforeEach(async () => {
  await host.up();
  id = await host.id();
});

const state = () => ({ ...host.inputs, containerId: id, running: true });
const startedAt = async () => (await host.container.inspect()).State.StartedAt;

/** A limit as the host's own cgroup has it, on either version. */
const limit = (v1: string, v2: string) => host.run(`cat /sys/fs/cgroup/${v1} 2>/dev/null || cat /sys/fs/cgroup/${v2}`);

test("made twice it is one host, and it runs on", async () => {
  const before = await startedAt();

  expect(await hostContainer.create(host.inputs)).toEqual({ id, outputs: { containerId: id, running: true } });
  expect(await startedAt()).toBe(before);
});

describe.each([
  ["killed", () => host.container.kill()],
  ["stopped", () => host.container.stop({ t: 0 })],
  ["paused", () => host.container.pause()],
])("a host that was %s", (_, harm) => {
  beforeEach(async () => {
    await harm();
  });

  test("is seen, and is the same host once repaired", async () => {
    expect(await hostContainer.read?.(id, state())).toEqual({ containerId: id, running: false });

    await hostContainer.update?.(id, { ...state(), running: false }, host.inputs);

    expect(await hostContainer.read?.(id, state())).toEqual({ containerId: id, running: true });
    await host.up();
    expect(await host.id()).toBe(id);
  });

  test("is taken over by a run that knows nothing of it", async () => {
    expect((await hostContainer.create(host.inputs)).id).toBe(id);

    await host.up();
  });

  test("can be deleted", async () => {
    await hostContainer.delete?.(id, state());

    expect(await hostContainer.read?.(id, state())).toBeUndefined();
  });
});

test("a host that is to be another is made anew, and keeps what its engine knows", async () => {
  await (await host.engine()).createVolume({ Name: "kept" });
  const files = { ...host.inputs.files, "/etc/motd": "another" };

  const { id: other } = await hostContainer.create({ ...host.inputs, files });
  await hostReady.create(host.readyInputs(other));

  expect(other).not.toBe(id);
  expect(await hostContainer.read?.(id, state())).toBeUndefined();
  expect(await host.run("cat /etc/motd")).toBe("another");
  expect(await host.run("docker volume ls -q")).toBe("kept");
});

test("a host whose volume is lost is a new one", async () => {
  await (await host.engine()).createVolume({ Name: "lost" });

  await host.lose({ volume: true });
  await host.up();

  expect(await host.run("docker volume ls -q")).toBe("");
});

test("a container of that name that is not ours is left alone, and named", async () => {
  const { inputs, container } = lab.host("b");
  const stranger = await lab.engine.createContainer({ name: inputs.name, Image: inputs.image });

  await expect(hostContainer.create(inputs)).rejects.toThrow(
    `The container name ${inputs.name} is taken\n  - its holder: not Drydock, image ${inputs.image}`,
  );
  expect((await container.inspect()).Id).toBe(stranger.id);
});

test("a port that is taken is an error, and the host can be made once it is free", async () => {
  const other = lab.host("b");
  await other.lose({ volume: true });
  await other.makeVolume();

  const onTaken = hostContainer.create({ ...other.inputs, sshPort: host.inputs.sshPort });

  await expect(onTaken).rejects.toThrow(/port is already allocated/);
  await other.up();
});

test("its limits hold, and change while it runs", async () => {
  expect(await limit("memory/memory.limit_in_bytes", "memory.max")).toBe(String(512 * 2 ** 20));
  expect(await limit("pids/pids.max", "pids.max")).toBe("1024");
  expect(await limit("cpu/cpu.cfs_quota_us", "cpu.max")).toMatch(/^100000\b/);
  const before = await startedAt();

  const larger = { ...host.inputs, memoryMib: 600, cpus: 0.5, pids: 2000 };
  await hostContainer.update?.(id, state(), larger);

  expect(await limit("memory/memory.limit_in_bytes", "memory.max")).toBe(String(600 * 2 ** 20));
  expect(await limit("pids/pids.max", "pids.max")).toBe("2000");
  expect(await limit("cpu/cpu.cfs_quota_us", "cpu.max")).toMatch(/^50000\b/);
  expect(await startedAt()).toBe(before);
});

test("a command that takes more memory than the host has is ended, and the host is not", async () => {
  await expect(host.run("bash -o pipefail -c 'head -c 900m /dev/zero | tail -c 900m | wc -c'")).rejects.toThrow();

  expect(await hostContainer.read?.(id, state())).toEqual({ containerId: id, running: true });
  expect(await host.run("docker info --format ok")).toBe("ok");
});

test("its files are there as given, and only root reads them", async () => {
  for (const [path, content] of Object.entries(host.inputs.files)) {
    expect(await host.run(`stat -c '%a %U' ${path}`)).toBe("600 root");
    expect(await host.run(`cat ${path}`)).toBe(content.trim());
  }
});

test("no secret is in what the engine shows of a host", async () => {
  const shown = JSON.stringify(await host.container.inspect());
  const log = (await host.container.logs({ stdout: true, stderr: true })).toString();

  for (const text of [shown, log]) expect(text).not.toContain("PRIVATE KEY");
});

test("the machine reaches a host's sshd on loopback only, and the lab network nothing but sshd and names", async () => {
  const { NetworkSettings: network } = await host.container.inspect();
  const bindings = Object.values(network.Ports).flat();
  expect(bindings).toEqual([{ HostIp: "127.0.0.1", HostPort: String(host.inputs.sshPort) }]);

  const listening = await host.run("ss -Hltn | awk '{print $4}'");
  const open = listening.split("\n").filter((address) => !address.startsWith("127."));
  expect(open.map((address) => address.slice(address.lastIndexOf(":") + 1))).toEqual(expect.arrayContaining(["22"]));
  expect(open.filter((address) => !/:(22|53)$/.test(address))).toEqual([]);
});

test("a host has no capability that its engine does not need", async () => {
  const bounding = BigInt(`0x${await host.run("awk '/^CapBnd/ {print $2}' /proc/1/status")}`);
  const dangerous = {
    SYS_MODULE: 16n,
    SYS_RAWIO: 17n,
    SYS_PACCT: 20n,
    SYS_BOOT: 22n,
    SYS_RESOURCE: 24n,
    SYS_TIME: 25n,
  };

  expect(Object.entries(dangerous).filter(([, bit]) => (bounding >> bit) & 1n)).toEqual([]);
  await expect(host.run("mknod /tmp/disk b 254 0 && head -c1 /tmp/disk")).rejects.toThrow(
    /not permitted|No such device/,
  );
});
