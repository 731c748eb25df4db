import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stackOutputs } from "../../../stacks/outputs.ts";
import { canary, declareLab, plainTexts, valueOf, type Declared } from "../declare.ts";
import { hostKeyOf } from "../../stacks/ssh/hostKey.ts";

const sshKey = hostKeyOf(0);
const machines = [1, 2, 3].map((n) => ({ ssh: `debian@box-${n}`, hostKey: hostKeyOf(n), address: `10.0.0.${n}` }));

beforeAll(() => {
  vi.stubEnv("DRYDOCK_HOME", "/home/learner/.drydock");
});

afterAll(() => {
  vi.unstubAllEnvs();
});

describe("a stack on machines that exist", () => {
  let declared: Declared[];
  let outputs: Awaited<ReturnType<typeof declareLab>>["outputs"];

  beforeAll(async () => {
    const settings = { target: "ssh", machines: JSON.stringify(machines), sshKey, expiry: "2099-12-31" };
    ({ declared, outputs } = await declareLab("overlay-vxlan", settings));
  });

  const ofType = (type: string) => declared.filter((resource) => resource.type === `drydock:index:${type}`);

  test("has as many as the lab has hosts, and nothing on an engine here", () => {
    expect(ofType("Machine").map(({ name, inputs }) => [name, inputs.address])).toEqual([
      ["manager-1", "10.0.0.1"],
      ["worker-1", "10.0.0.2"],
    ]);
    expect(ofType("Machines")[0]?.inputs.machines).toHaveLength(2);
    expect(declared.filter(({ type }) => /docker|HostContainer|LabImages|LabBridge/.test(type))).toEqual([]);
  });

  test("looks at all of them before it changes one", () => {
    const [looked] = ofType("Machines");
    for (const { dependsOn } of ofType("Machine")) expect(dependsOn).toContain(looked?.urn);
  });

  test("lets in the stack's key and the learner's, and installs nothing unless it may", () => {
    const [first] = ofType("Machine");

    expect(first?.inputs).toMatchObject({
      authorizedKeys: ["ssh-ed25519 PUBLIC-access", sshKey],
      installEngine: false,
      names: { "manager-1": "10.0.0.1", "worker-1": "10.0.0.2" },
    });
  });

  test("takes nothing out of a host one by one that goes when the machine is put back", () => {
    const [looked] = ofType("Machines");
    const inside = declared.filter(({ type }) => /SwarmNode|SwarmNetwork|HostFiles|HostService|remote/.test(type));

    expect(inside).not.toEqual([]);
    for (const { deletedWith } of inside) expect(deletedWith).toBe(looked?.urn);
  });

  test("logs in as root with the stack's own key, and shows no private key", () => {
    for (const [index, { inputs, secrets }] of ofType("HostReady").entries()) {
      expect(inputs.ssh).toMatchObject({ user: "root", hostKey: hostKeyOf(index + 1) });
      expect(secrets).toContain("ssh");
    }
    expect(declared.flatMap(({ raw }) => plainTexts(raw)).filter((text) => text.includes(canary))).toEqual([]);
  });

  test("gives each host the lab's images, from wherever those of this machine come from", () => {
    expect(ofType("HostImages").map(({ inputs: { host, images, source } }) => [host, images, source])).toEqual([
      ["manager-1", ["busybox"], "auto"],
      ["worker-1", ["busybox"], "auto"],
    ]);
  });

  test("exports what checks and commands read", async () => {
    const { hosts, network, registry } = stackOutputs.parse(await valueOf(outputs));

    expect(hosts.map(({ ssh }) => ssh)).toEqual(
      [1, 2].map((n) => ({ host: `box-${n}`, port: 22, user: "root", hostKey: hostKeyOf(n) })),
    );
    expect(registry).toEqual({ address: "docker.io", source: "bootstrap" });
    expect(network).toMatchObject({ driver: "machines", subnet: "10.0.0.0/30", mtu: 1400 });
  });
});
