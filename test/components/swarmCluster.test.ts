import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { LabHost } from "../../components/hosts/labHost.ts";
import { OverlayNetwork } from "../../components/overlayNetwork.ts";
import { SwarmCluster } from "../../components/swarmCluster.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";
import { planOf } from "../stacks/arbitraries.ts";
import { declare, valueOf } from "./declare.ts";

const plan = planOf("dev", ["a", "b"]);

/** A host that is no particular kind of host. */
function host(name: string, { ipvs = true, linkMtu = 1500 } = {}): LabHost {
  const capabilities = { vxlan: true, ipvs, esp: false, macvlan: false, apparmor: false };
  const facts: HostReadyOutputs = { engineVersion: "28.0.0", cgroupVersion: 2, linkMtu, capabilities };
  return {
    name,
    address: "10.0.0.11",
    ssh: pulumi.secret({ host: "127.0.0.1", port: 1, user: "root", hostKey: "ssh-ed25519 A", privateKey: "B" }),
    facts: pulumi.output(facts),
    incarnation: pulumi.output("1"),
    goesWith: new pulumi.ComponentResource("test:index:Machine", name),
    output: pulumi.output<HostOutput>({
      ...facts,
      name,
      role: "worker",
      labels: {},
      address: "10.0.0.11",
      container: name,
      ssh: { host: "127.0.0.1", port: 1, user: "root", hostKey: "ssh-ed25519 A" },
    }),
  };
}

test.each([
  ["mesh", "all hosts have ip_vs", [true, true]],
  ["host", "one has not", [true, false]],
])("ingress is %s where %s", async (ingress, _, [first, second]) => {
  const { returned } = await declare(() => {
    const managers = [host("a", { ipvs: first })];
    return new SwarmCluster("swarm", { plan, managers, workers: [host("b", { ipvs: second })] }).output;
  });

  expect(await valueOf(returned)).toEqual({ clusterId: "cluster-1", managers: ["a"], workers: ["b"], ingress });
});

test("a Swarm without a manager is refused", async () => {
  await expect(declare(() => new SwarmCluster("swarm", { plan, managers: [] }))).rejects.toThrow(
    "SwarmCluster swarm: managers is empty; at least one host must be a manager",
  );
});

test("an overlay fits the narrowest link", async () => {
  const { declared, returned } = await declare(() => {
    const workers = [host("b", { linkMtu: 1400 }), host("c", { linkMtu: 9000 })];
    const swarm = new SwarmCluster("swarm", { plan, managers: [host("a")], workers });
    return new OverlayNetwork("web", { swarm, network: "front", encrypted: true, labels: { tier: "web" } }).output;
  });

  expect(declared.find(({ type }) => type === "drydock:index:SwarmNetwork")?.inputs).toMatchObject({
    name: "front",
    pathMtu: 1400,
    encrypted: true,
    attachable: true,
    subnet: "",
    labels: { ...plan.labels, tier: "web" },
  });
  expect(await valueOf(returned)).toEqual({
    name: "front",
    driver: "overlay",
    subnet: "10.0.0.0/24",
    mtu: 1324,
    encrypted: true,
    attachable: true,
  });
});
