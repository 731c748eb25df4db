import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { hostKinds } from "../../../images/hostKinds.ts";
import { loadLab } from "../../../labs/index.ts";
import { planStack, type Plan } from "../../../stacks/plan.ts";
import { configOf } from "../../stacks/arbitraries.ts";
import { canary, declareLab, plainTexts, type Declared } from "../declare.ts";

let declared: Declared[];
let plan: Plan;

beforeAll(async () => {
  vi.stubEnv("DOCKER_HOST", "unix:///outer.sock");
  vi.stubEnv("DRYDOCK_HOME", "/home/learner/.drydock");
  ({ declared } = await declareLab("swarm-failover", { target: "vm" }));
  const { lab } = loadLab("swarm-failover");
  plan = planStack({ project: "drydock", stack: "dev", config: configOf({ target: "vm" }), lab, home: "box:/home" });
}, 30_000);

afterAll(() => {
  vi.unstubAllEnvs();
});

const ofType = (type: string) => declared.filter((resource) => resource.type === `drydock:index:${type}`);

test("hosts are virtual machines, from images of their own, with memory for what runs them", () => {
  expect(ofType("LabImages")[0]?.inputs).toMatchObject({ kind: "vm" });
  expect(ofType("HostContainer").map(({ inputs }) => inputs)).toMatchObject(
    plan.hosts.map(({ container, address, memoryMib }) => ({
      kind: "vm",
      name: container,
      address,
      memoryMib: memoryMib + hostKinds.vm.overheadMib,
    })),
  );
});

test("the guest has the host's address, and its container another, which nothing else has", () => {
  const taken = new Set([plan.network.gateway, plan.registry.address, ...plan.hosts.map(({ address }) => address)]);
  for (const [number, { inputs }] of ofType("HostContainer").entries()) {
    const { address, name, containerAddress } = plan.hosts[number] ?? {};
    const files = inputs.files as Record<string, string>;

    expect(parse(files["/etc/drydock/seed/network-config"] ?? "")).toEqual({
      version: 2,
      ethernets: {
        eth0: { addresses: [`${address}/24`], routes: [{ to: "0.0.0.0/0", via: plan.network.gateway }] },
      },
    });
    expect(files["/etc/drydock/machine"]).toBe(
      `memory_mib=1024\ncpus=2\ncontainer_address=${containerAddress}/24\ngateway=${plan.network.gateway}\n`,
    );
    const { bootcmd } = parse(files["/etc/drydock/seed/vendor-data"] ?? "") as { bootcmd: [[string, string, string]] };
    expect(bootcmd[0][2]).toContain(`nameserver ${containerAddress} `);
    expect(bootcmd[0][2]).toContain(`${address} ${name}\\n`);
    expect(taken).not.toContain(containerAddress);
    taken.add(containerAddress ?? "");
  }
});

test("its keys reach the guest in files, and are secrets on the way", () => {
  for (const { name, inputs, secrets, raw } of ofType("HostContainer")) {
    const files = inputs.files as Record<string, string>;
    expect(secrets).toContain("files");
    expect(parse(files["/etc/drydock/seed/user-data"] ?? "")).toMatchObject({
      hostname: name,
      ssh_keys: { ed25519_private: `${canary} of ${name}-identity` },
      users: [{ name: "root", ssh_authorized_keys: ["ssh-ed25519 PUBLIC-access"] }],
    });
    expect(plainTexts(raw).join("\n")).not.toContain(canary);
  }
});
