import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { labs } from "../../labs/index.ts";
import { homeLabel } from "../../stacks/home.ts";
import { stackOutputs } from "../../stacks/outputs.ts";
import { planStack, type Plan } from "../../stacks/plan.ts";
import { isSwept } from "../../stacks/swept.ts";
import { configOf } from "../stacks/arbitraries.ts";
import { canary, declareLab, plainTexts, valueOf, type Declared } from "./declare.ts";

const engineUrl = "unix:///outer.sock";

beforeAll(() => {
  vi.stubEnv("DOCKER_HOST", engineUrl);
  vi.stubEnv("DRYDOCK_HOME", "/home/learner/.drydock");
});

afterAll(() => {
  vi.unstubAllEnvs();
});

const typeOf = ({ type }: Declared) => type.split(":").at(-1) ?? "";
const ofType = (declared: Declared[], type: string) => declared.filter((resource) => typeOf(resource) === type);
const namesOf = (declared: Declared[], type: string) =>
  ofType(declared, type)
    .map(({ name }) => name)
    .toSorted();

const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);

/** Labels in either of the two forms. */
function labelsOf({ inputs: { labels } }: Declared): unknown {
  if (!Array.isArray(labels)) return labels;
  return Object.fromEntries((labels as { label: string; value: string }[]).map(({ label, value }) => [label, value]));
}

describe.each(Object.values(labs))("lab $slug", (lab) => {
  let declared: Declared[];
  let plan: Plan;
  let outputs: Awaited<ReturnType<typeof declareLab>>["outputs"];

  beforeAll(async () => {
    ({ declared, outputs } = await declareLab(lab.slug));
    plan = planStack({ project: "drydock", stack: "dev", config: configOf(), lab, home: homeLabel() });
  });

  test("every resource has a name of its own, and a parent that is there", () => {
    const urns = declared.map(({ urn }) => urn);

    expect(urns).toEqual([...new Set(urns)]);
    expect(declared.filter(({ parent }) => !urns.includes(parent)).map(({ name }) => name)).toEqual([lab.slug]);
  });

  test("a component's main child has its name, the others have that and a suffix", () => {
    const [root] = ofType(declared, "Lab");
    const components = declared.filter((resource) => declared.some(({ parent }) => parent === resource.urn));

    for (const component of components.filter((resource) => resource !== root)) {
      const children = declared.filter(({ parent }) => parent === component.urn).map(({ name }) => name);
      const strange = children.filter((name) => name !== component.name && !name.startsWith(`${component.name}-`));
      expect(strange).toEqual([]);
    }
  });

  test("everything on an engine carries the stack's labels, and a host's things its name besides", () => {
    const ofStack = [
      ...ofType(declared, "LabBridge"),
      ...ofType(declared, "Container"),
      ...ofType(declared, "SwarmNetwork"),
    ];
    const ofHosts = [...ofType(declared, "HostContainer"), ...ofType(declared, "HostVolume")];

    for (const resource of ofStack) expect(labelsOf(resource)).toEqual(plan.labels);
    for (const resource of ofHosts) {
      const host = plan.hosts.find(({ container, volume }) =>
        [container, volume].includes(resource.inputs.name as string),
      );
      expect(labelsOf(resource)).toMatchObject({ ...plan.labels, "drydock.host": host?.name });
    }
    expect(ofHosts).toHaveLength(2 * plan.hosts.length);
  });

  test("what goes with nothing else is what the sweep removes, so that down need not start Pulumi", () => {
    const standing = declared.filter(({ custom, deletedWith }) => custom && deletedWith === "");

    expect(standing.map(({ type }) => type).filter((type) => !isSwept(type))).toEqual([]);
  });

  test("no private key is anywhere but under a mark of secrecy", () => {
    expect(JSON.stringify(declared.map(({ raw }) => raw))).toContain(canary);
    for (const { name, raw } of declared) expect(plainTexts(raw).join("\n"), name).not.toContain(canary);
  });

  test("the outputs are whole, and public", async () => {
    expect(await pulumi.isSecret(outputs)).toBe(false);
    const value = await valueOf(outputs);

    expect(stackOutputs.parse(value)).toEqual({ ...value, expiry: undefined });
    expect(JSON.stringify(value)).not.toContain(canary);
    expect(value.overlayPool).toBe(plan.swarm.overlayBase);
    expect(value.hosts.map(({ name, address, container, ssh }) => [name, address, container, ssh.port])).toEqual(
      plan.hosts.map(({ name, address, container, sshPort }) => [name, address, container, sshPort]),
    );
  });

  test("what is the Docker provider's goes to the engine that was chosen, and names it", () => {
    const [engine] = ofType(declared, "docker");
    const fromDocker = declared.filter(({ type }) => type.startsWith("docker:"));

    expect(engine?.inputs.host).toBe(engineUrl);
    expect(fromDocker.map(({ name, provider }) => [name, provider])).toEqual(
      fromDocker.map(({ name }) => [name, `${engine?.urn}::id-engine`]),
    );
    for (const { inputs } of declared.filter(({ inputs }) => "engineUrl" in inputs))
      expect(inputs.engineUrl).toBe(engineUrl);
  });

  test("the hosts are as planned", () => {
    expect(ofType(declared, "HostContainer").map(({ inputs }) => inputs)).toEqual(
      plan.hosts.map(({ name, container, address, sshPort, memoryMib, cpus, pids, volume }) => ({
        engineUrl,
        kind: "container",
        name: container,
        hostname: name,
        image: "host:1",
        network: "drydock-dev",
        networkId: "network-1",
        address,
        sshPort,
        memoryMib,
        cpus,
        pids,
        volume,
        layersVolume: "layers-1",
        labels: expect.anything() as unknown,
        files: expect.anything() as unknown,
      })),
    );
  });

  test("a host's files are its identity, the learner's key and an engine that no network reaches", () => {
    for (const { name, inputs, secrets } of ofType(declared, "HostContainer")) {
      const files = inputs.files as Record<string, string>;
      const daemon = JSON.parse(files["/etc/docker/daemon.json"] ?? "") as Record<string, unknown>;

      expect(secrets).toContain("files");
      expect(files).toMatchObject({
        "/etc/drydock/ssh_host_ed25519_key": `${canary} of ${name}-identity`,
        "/etc/drydock/authorized_keys": "ssh-ed25519 PUBLIC-access",
        "/root/lab/overlay-pool": `${plan.swarm.overlayBase}\n`,
      });
      expect(daemon).not.toHaveProperty("hosts");
      expect(daemon).toMatchObject({
        "registry-mirrors": [`http://${plan.registry.address}:5000`],
        bip: plan.enginePool.bip,
        "default-address-pools": [{ base: plan.enginePool.base, size: plan.enginePool.size }],
      });
    }
  });

  test("a host is ready once its pinned key answers on loopback", () => {
    expect(ofType(declared, "HostReady").map(({ inputs }) => inputs)).toMatchObject(
      plan.hosts.map(({ name, sshPort }) => ({
        host: name,
        containerId: `container-${name}`,
        ssh: {
          host: "127.0.0.1",
          port: sshPort,
          user: "root",
          hostKey: `ssh-ed25519 PUBLIC-${name}-identity`,
          privateKey: `${canary} of access`,
        },
      })),
    );
  });

  test("the registry has the address that the hosts ask, and no port nor privilege that nobody needs", () => {
    const [registry] = ofType(declared, "Container");

    expect(registry?.inputs).toMatchObject({
      name: plan.registry.container,
      image: "mirror:1",
      networksAdvanced: [{ name: "drydock-dev", ipv4Address: plan.registry.address }],
      securityOpts: ["no-new-privileges:true"],
    });
    const ports = (registry?.inputs.ports ?? []) as { ip?: string }[];
    expect(ports.filter(({ ip }) => ip !== "127.0.0.1")).toEqual([]);
    expect(registry?.inputs).not.toHaveProperty("privileged");
    expect(registry?.inputs).not.toHaveProperty("capabilities");
    expect(registry?.inputs).not.toHaveProperty("volumes");
    expect(registry?.inputs.networkMode ?? "bridge").not.toBe("host");
  });

  test("the learner's files name every host", () => {
    const [access] = ofType(declared, "AccessFiles");

    expect(access?.secrets).toContain("privateKey");
    expect(access?.inputs).toMatchObject({
      stack: "dev",
      folder: "/home/learner/.drydock/stacks/dev",
      hosts: plan.hosts.map(({ name, container, sshPort }) => ({
        alias: container,
        port: sshPort,
        hostKey: `ssh-ed25519 PUBLIC-${name}-identity`,
      })),
    });
  });

  test("Swarm has a node for every manager and worker, and none for a bare host", () => {
    const nodes = ofType(declared, "SwarmNode").map(({ inputs: { member, role, labels, incarnation, ...inputs } }) => {
      const { name, address } = member as { name: string; address: string };
      return { name, address, role, labels, incarnation, pool: inputs.addressPool, size: inputs.addressSize };
    });
    const members = plan.hosts.filter(({ role }) => role !== "host");

    expect(nodes.toSorted(byName)).toEqual(
      members.toSorted(byName).map(({ name, address, role, labels }) => ({
        name,
        address,
        role,
        labels,
        incarnation: `container-${name}`,
        pool: plan.swarm.overlayBase,
        size: plan.swarm.overlaySize,
      })),
    );
  });

  test("managers come one after the other, and workers after the first", () => {
    const nodes = ofType(declared, "SwarmNode");
    const inRole = (role: string) => nodes.filter(({ inputs }) => inputs.role === role);
    const planned = plan.hosts.filter(({ role }) => role === "manager").map(({ name }) => `swarm-${name}`);
    const managers = planned.map((name) => inRole("manager").find((node) => node.name === name));
    const nodesBefore = (node?: Declared) => node?.dependsOn.filter((urn) => nodes.some((other) => other.urn === urn));

    expect(managers.map((node) => node?.inputs.first)).toEqual(managers.map((_, index) => index === 0));
    for (const [index, node] of managers.entries()) {
      expect(nodesBefore(node)).toEqual(index === 0 ? [] : [managers[index - 1]?.urn]);
    }
    for (const node of inRole("worker")) expect(nodesBefore(node)).toEqual([managers[0]?.urn]);
  });

  test("a node's peers are the other managers", () => {
    const managers = plan.hosts.filter(({ role }) => role === "manager").map(({ name }) => name);

    for (const { name, inputs } of ofType(declared, "SwarmNode")) {
      const peers = (inputs.peers as { name: string }[]).map((peer) => peer.name);
      expect(peers).toEqual(managers.filter((manager) => `swarm-${manager}` !== name));
    }
  });

  test("what lives inside hosts goes with the lab network, and nothing else does", () => {
    const [bridge] = ofType(declared, "LabBridge");
    const inside = ["SwarmNode", "SwarmNetwork", "HostService", "HostFiles"].flatMap((type) => namesOf(declared, type));

    expect(
      declared
        .filter(({ deletedWith }) => deletedWith === bridge?.urn)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(inside.toSorted());
    expect(declared.filter(({ deletedWith }) => deletedWith !== "")).toHaveLength(inside.length);
  });

  test("an overlay is made once every manager is there, while workers join, and belongs to the Swarm", () => {
    const managers = ofType(declared, "SwarmNode").filter(({ inputs }) => inputs.role === "manager");

    for (const { dependsOn, inputs } of ofType(declared, "SwarmNetwork")) {
      expect(dependsOn).toEqual(expect.arrayContaining(managers.map(({ urn }) => urn)));
      expect(inputs).toMatchObject({ clusterId: "cluster-1", pathMtu: 1500 });
    }
  });
});

test("the names of a stack's resources are a contract: state and `pulumi up --target` know them by it", async () => {
  const { declared } = await declareLab("swarm-failover");
  const hosts = ["manager-1", "manager-2", "manager-3", "worker-1", "worker-2"];

  expect(
    declared
      .filter(({ name }) => name !== "app" && name !== "harbour")
      .map((one) => `${typeOf(one)} ${one.name}`)
      .toSorted(),
  ).toEqual(
    [
      "Lab swarm-failover",
      "docker engine",
      "LabImages images",
      "LabNetwork network",
      "LabBridge network",
      "LabRegistry registry",
      "Container registry",
      "SshKey access",
      "AccessFiles access-files",
      "SwarmCluster swarm",
      ...hosts.flatMap((host) => [
        `ContainerHost ${host}`,
        `SshKey ${host}-identity`,
        `HostVolume ${host}-docker`,
        `HostContainer ${host}`,
        `HostReady ${host}-ready`,
        `SwarmNode swarm-${host}`,
      ]),
    ].toSorted(),
  );
});

test("the entry exports every output of a learner's stack, and a cohort's", () => {
  const entry = readFileSync(new URL("../../index.ts", import.meta.url), "utf8");
  const [, names = ""] = /export const \{([^}]*)\}/.exec(entry) ?? [];
  expect(
    names
      .split(/[\s,]+/)
      .filter(Boolean)
      .sort(),
  ).toEqual([...Object.keys(stackOutputs.shape), "cohort"].sort());
});

test("settings reach the hosts", async () => {
  const { declared } = await declareLab("swarm-basics", {
    hosts: '{"memoryMib": 512, "cpus": 1.5, "pids": 999}',
    addresses: "10.64.32.0/19",
    ports: "30000",
    learner: "ada",
    expiry: "2099-12-31",
  });
  const [first] = ofType(declared, "HostContainer");

  expect(first?.inputs).toMatchObject({
    memoryMib: 512,
    cpus: 1.5,
    pids: 999,
    address: "10.64.32.11",
    sshPort: 30000,
    labels: { "drydock.learner": "ada", "drydock.expiry": "2099-12-31T23:59:59.000Z" },
  });
});

test("a configuration that is wrong makes nothing", async () => {
  await expect(declareLab("swarm-basic")).rejects.toThrow("Did you mean swarm-basics?");
});
