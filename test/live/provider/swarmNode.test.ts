import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { swarmNode, type SwarmNodeOutputs } from "../../../provider/resources/swarmNode.ts";
import { retire } from "../../../provider/resources/swarmNodes.ts";
import { testLab, type TestLab } from "./testLab.ts";
import { testSwarm, type TestSwarm } from "./testSwarm.ts";

let lab: TestLab;
let swarm: TestSwarm;

beforeAll(async () => {
  lab = await testLab("swarm", ["a", "b", "c"]);
  swarm = testSwarm(lab, ["a", "b", "c"]);
  await Promise.all(["a", "b", "c"].map((name) => lab.host(name).up()));
});

afterAll(() => lab.remove());

const stateOf = (host: string) => lab.host(host).run("docker info --format '{{.Swarm.LocalNodeState}}'");

describe("hosts that are in no Swarm", () => {
  beforeEach(() => swarm.dissolve());

  test("the first starts one on the stack's own addresses, and others join it", async () => {
    const first = await swarm.settle("a");
    const second = await swarm.settle("b", { role: "worker", labels: { zone: "b" } });

    expect(await swarm.nodes("a")).toEqual(["a manager ready leader", "b worker ready"]);
    expect(first).toMatchObject({ actualRole: "manager", actualLabels: {} });
    expect(second).toMatchObject({ clusterId: first.clusterId, actualRole: "worker", actualLabels: { zone: "b" } });
    expect(await (await lab.host("a").engine()).swarmInspect()).toMatchObject({
      DefaultAddrPool: [lab.plan.swarm.overlayBase],
      SubnetSize: lab.plan.swarm.overlaySize,
    });
    expect(await (await lab.host("b").engine()).info()).toMatchObject({
      Swarm: { NodeAddr: lab.host("b").member.address },
    });
  });

  test("one that joined by hand is taken as it is, and gets its role and labels", async () => {
    await swarm.settle("a");
    const token = await lab.host("a").run("docker swarm join-token -q worker");
    await lab.host("b").run(`docker swarm join --token ${token} ${lab.host("a").member.address}:2377`);
    const byHand = await swarm.read("b");

    const settled = await swarm.settle("b", { labels: { zone: "b" } });

    expect(settled).toEqual({ ...byHand, actualRole: "manager", actualLabels: { zone: "b" } });
  });

  test("one that has started a Swarm of its own leaves that and joins ours", async () => {
    await swarm.settle("a");
    await lab.host("c").run(`docker swarm init --advertise-addr ${lab.host("c").member.address}`);

    await swarm.settle("c", { role: "worker" });

    expect(await swarm.nodes("a")).toEqual(["a manager ready leader", "c worker ready"]);
  });

  test("a worker where there is no Swarm is an error that says where it looked", async () => {
    await expect(swarm.settle("b", { role: "worker" })).rejects.toThrow(
      "no manager of the Swarm answers, so b cannot join; looked at a, c",
    );
  });

  test("a Swarm that its learner locked is not given up to bring a host back", async () => {
    await swarm.settle("a");
    await lab.host("a").run("docker swarm update --autolock");
    await lab.host("a").run("sv -w 20 force-restart docker");
    await lab.host("a").up();

    for (const host of ["a", "b"]) {
      await expect(swarm.settle(host)).rejects.toThrow(/The Swarm of a is locked[^]*docker swarm unlock/);
    }
    expect(await stateOf("a")).toBe("locked");
  });
});

describe("a Swarm of two managers and a worker", () => {
  const part = { role: "worker", labels: { zone: "c" } } as const;
  let worker: SwarmNodeOutputs;

  beforeAll(() => swarm.dissolve());

  // On a Swarm that is well it changes nothing.
  beforeEach(async () => {
    await swarm.settle("a");
    await swarm.settle("b");
    worker = await swarm.change("c", { labels: { disk: "", own: "" } }, part);
  });

  test("settled again it is the same", async () => {
    const before = await swarm.nodes("a");
    const versions = async () => await lab.host("a").run("docker node inspect a b c --format '{{.Version.Index}}'");
    const first = await versions();

    expect(await swarm.settle("c", part)).toEqual(worker);
    expect(await swarm.nodes("a")).toEqual(before);
    expect(await versions()).toBe(first);
  });

  test("a worker is promoted, and demoted again; it stays the same node", async () => {
    const promoted = await swarm.change("c", part, { role: "manager" });
    expect(promoted).toEqual({ ...worker, actualRole: "manager", actualLabels: {} });
    expect(await swarm.nodes("c")).toContain("c manager ready reachable");

    const demoted = await swarm.change("c", { role: "manager" }, { role: "worker" });
    expect(demoted).toEqual({ ...worker, actualLabels: {} });
    expect(await swarm.nodes("a")).toEqual(["a manager ready leader", "b manager ready reachable", "c worker ready"]);
  });

  test("labels are added, changed and taken away; those that the learner added stay", async () => {
    await lab.host("a").run("docker node update --label-add own=1 c");

    const more = { role: "worker", labels: { zone: "d", disk: "ssd" } } as const;
    expect((await swarm.change("c", part, more)).actualLabels).toEqual({ zone: "d", disk: "ssd", own: "1" });
    const less = { role: "worker", labels: { disk: "ssd" } } as const;
    expect((await swarm.change("c", more, less)).actualLabels).toEqual({ disk: "ssd", own: "1" });
  });

  test("what was changed by hand is seen, and put right", async () => {
    await lab.host("a").run("docker node update --label-rm zone c");
    await lab.host("a").run("docker node demote b");
    await swarm.become("a", ["a manager ready reachable", "b worker ready", "c worker ready"]);

    expect(await swarm.read("c", part)).toEqual({ ...worker, actualLabels: {} });
    expect(await swarm.read("b")).toMatchObject({ actualRole: "worker" });
    expect(await swarm.settle("c", part)).toEqual(worker);
    expect(await swarm.settle("b")).toMatchObject({ actualRole: "manager" });
    expect(await swarm.nodes("b")).toContain("b manager ready reachable");
  });

  test("one whose removal was cut off serves again; one that a learner drained stays drained", async () => {
    const availability = () => lab.host("a").run("docker node inspect c --format '{{.Spec.Availability}}'");
    const isDrifted = (now: SwarmNodeOutputs) => swarmNode.drifted?.({ ...swarm.inputs("c", part), ...now });
    await lab.host("a").run("docker node update --availability drain c");
    expect(isDrifted(await swarm.settle("c", part))).toBe(false);
    expect(await availability()).toBe("drain");
    await lab.host("a").run("docker node update --availability active c");

    await retire(await lab.host("a").engine(), worker.nodeId, 30);
    expect(await availability()).toBe("drain");
    const seen = await swarm.read("c", part);

    expect(seen && isDrifted(seen)).toBe(true);
    expect(await swarm.settle("c", part)).toEqual(worker);
    expect(await availability()).toBe("active");
  });

  test.each([
    ["worker", "c", part],
    ["leader", "a", {}],
  ] as const)(
    "a %s that left by hand is seen as gone, and joins again as the only node of its name",
    async (_, host, its) => {
      await lab.host(host).run("docker swarm leave --force");
      expect(await swarm.read(host, its)).toBeUndefined();

      await swarm.settle(host, its);

      await swarm.become("b", ["a manager ready reachable", "b manager ready reachable", "c worker ready"]);
    },
  );

  test.each([
    ["worker", "c", "a"],
    ["manager", "b", "a"],
    ["leader", "a", "b"],
  ])("a deleted %s leaves no entry, and the others a Swarm that works", async (_, host, other) => {
    await swarm.delete(host);

    const left = ["a", "b", "c"].filter((name) => name !== host);
    expect((await swarm.nodes(other)).map((node) => node.split(" ")[0])).toEqual(left);
    expect(await stateOf(host)).toBe("inactive");
    await swarm.delete(host);
  });

  test("the node of a host that is gone is deleted, too", async () => {
    await lab.host("c").lose({ volume: true });

    await swarm.delete("c", worker);

    expect((await swarm.nodes("a")).map((node) => node.split(" ")[0])).toEqual(["a", "b"]);
    await lab.host("c").up();
  });

  test("all are deleted, one after the other, and nobody is in a Swarm", async () => {
    for (const host of ["c", "b", "a"]) await swarm.delete(host);

    expect(await Promise.all(["a", "b", "c"].map(stateOf))).toEqual(["inactive", "inactive", "inactive"]);
  });
});
