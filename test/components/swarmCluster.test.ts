import { expect, test } from "vitest";
import { OverlayNetwork } from "../../components/overlayNetwork.ts";
import { SwarmCluster } from "../../components/swarmCluster.ts";
import { planOf } from "../stacks/arbitraries.ts";
import { anyHost as host } from "./anyHost.ts";
import { declare, valueOf } from "./declare.ts";

const plan = planOf("dev", ["a", "b"]);

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
