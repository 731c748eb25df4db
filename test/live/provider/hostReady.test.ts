import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostContainer } from "../../../provider/resources/hostContainer.ts";
import { hostReady } from "../../../provider/resources/hostReady.ts";
import { keyPair } from "../../engine/sshServer.ts";
import { testLab, type TestHost, type TestLab } from "./testLab.ts";

let lab: TestLab;
let host: TestHost;

beforeAll(async () => {
  lab = await testLab("ready", ["a", "broken"]);
  host = lab.host("a");
  await host.up();
});

afterAll(() => lab.remove());

test("what a host can do is found by looking, and is the same at every look", async () => {
  const first = await host.up();
  await host.run("ip link add drydock-probe type vxlan id 9 dstport 4799");
  const second = await host.up();

  expect(first.engineVersion).toBe((await (await host.engine()).version()).Version);
  expect(first.capabilities.vxlan).toBe(true);
  expect(second).toEqual(first);
  expect(await host.run("ip -o link show")).not.toContain("drydock-probe");
});

test("the MTU is that of the link to the lab network", async () => {
  await host.run("ip link set eth0 mtu 1400");

  expect((await host.up()).linkMtu).toBe(1400);
  await host.run("ip link set eth0 mtu 1500");
});

test("a host whose engine is down is not ready, and is once it answers", async () => {
  const inputs = host.readyInputs(await host.id());
  const state = { ...inputs, ...(await host.up()) };
  expect(await hostReady.read?.("a", state)).toBeDefined();

  await host.run("sv -w 20 force-stop docker");
  expect(await hostReady.read?.("a", state)).toBeUndefined();

  await host.run("sv up docker");
  expect(await hostReady.update?.("a", state, inputs)).toMatchObject({ engineVersion: state.engineVersion });
});

test("another host at that port is refused", async () => {
  const inputs = host.readyInputs(await host.id(), 0);
  const ssh = { ...inputs.ssh, hostKey: keyPair().publicKey };

  await expect(hostReady.create({ ...inputs, ssh })).rejects.toThrow(
    /^waited 0 s for host a: sshd did not answer \(SSH to /,
  );
});

describe("a host that does not come up is an error that names what did not answer, with the end of its log", () => {
  async function failure(files: Record<string, string>): Promise<string> {
    const broken = lab.host("broken");
    const { id } = await hostContainer.create({ ...broken.inputs, files: { ...broken.inputs.files, ...files } });
    return hostReady.create(broken.readyInputs(id, 3)).then(
      () => "it came up",
      (error: unknown) => (error as Error).message,
    );
  }

  test("its sshd", async () => {
    const message = await failure({ "/etc/drydock/ssh_host_ed25519_key": "no key" });

    expect(message).toMatch(/^waited 3 s for host broken: sshd did not answer \(SSH to root@127.0.0.1:\d+: /);
    expect(message).toMatch(/The end of its log:\n[^]*sshd: no hostkeys available[^]*\(container running\)$/);
  });

  test("its engine", async () => {
    const config = { ...(JSON.parse(host.inputs.files["/etc/docker/daemon.json"] ?? "") as object), nonsense: 1 };
    const message = await failure({ "/etc/docker/daemon.json": JSON.stringify(config) });

    expect(message).toMatch(/^waited 3 s for host broken: its Docker engine did not answer \(/);
    expect(message).toMatch(/The end of its log:\n[^]*don't match any configuration option: nonsense/);
  });

  test("the container, when it is gone", async () => {
    await lab.host("broken").lose({ volume: true });

    const waited = hostReady.create(lab.host("broken").readyInputs("gone", 0));

    await expect(waited).rejects.toThrow(/sshd did not answer[^]*No such container: gone/);
  });
});
