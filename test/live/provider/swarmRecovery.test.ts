import { describe, expect, test } from "vitest";
import { address, cidr } from "../../../stacks/cidr.ts";
import { testLab, type TestLab } from "./testLab.ts";
import { testSwarm, type TestSwarm } from "./testSwarm.ts";

const hosts = ["a", "b", "c"];
const whole = hosts.map((name) => `${name} manager ready reachable`);

/** A Swarm of three managers that holds a config, and what to look at it with. */
interface Formed {
  lab: TestLab;
  swarm: TestSwarm;
  clusterId: string;
  /** Of a, b and c. */
  nodeIds: string[];
  up(names: string[]): Promise<unknown>;
  /** With all that their engines knew. */
  lose(names: string[]): Promise<unknown>;
}

/** Gives a test a Swarm of its own: most of its time it only waits, so many run at once. */
function onSwarm(name: string, scenario: (formed: Formed) => Promise<void>): () => Promise<void> {
  return async () => {
    const lab = await testLab(name, hosts);
    const each = (names: string[], work: (host: ReturnType<TestLab["host"]>) => Promise<unknown>) =>
      Promise.all(names.map((host) => work(lab.host(host))));
    const up = (names: string[]) => each(names, (host) => host.up());
    const lose = (names: string[]) => each(names, (host) => host.lose({ volume: true }));
    try {
      await up(hosts);
      const swarm = testSwarm(lab, hosts);
      await swarm.settle("a");
      // Before the others join, so that each of them has it for sure.
      await lab.host("a").run("docker config create kept /etc/hostname");
      const settled = await settleAll(swarm);
      const nodeIds = settled.map(({ nodeId }) => nodeId);
      await scenario({ lab, swarm, clusterId: settled[0]?.clusterId ?? "", nodeIds, up, lose });
    } finally {
      await lab.remove();
    }
  };
}

/** As an `up` does it: one manager after the other. */
async function settleAll(swarm: TestSwarm) {
  const settled = [];
  for (const host of hosts) settled.push(await swarm.settle(host));
  return settled;
}

const idsOf = async (settled: ReturnType<typeof settleAll>) => (await settled).map(({ nodeId }) => nodeId);

/** The same Swarm with all that was in it. */
async function expectWhole({ lab, swarm, clusterId }: Formed) {
  await swarm.become("b", whole);
  expect((await swarm.read("a"))?.clusterId).toBe(clusterId);
  expect(await lab.host("b").run("docker config ls --format '{{.Name}}'")).toBe("kept");
}

describe.concurrent("of three managers", () => {
  test(
    "the first, lost with its volume, joins the others as a new node",
    onSwarm("first-lost", async (formed) => {
      await formed.lose(["a"]);
      expect(await formed.swarm.read("a")).toBeUndefined();
      await formed.up(["a"]);

      const [first, ...others] = await idsOf(settleAll(formed.swarm));

      expect(others).toEqual(formed.nodeIds.slice(1));
      expect(first).not.toBe(formed.nodeIds[0]);
      await expectWhole(formed);
    }),
  );

  test(
    "the last goes on alone when the others are lost for good, and they join it again",
    onSwarm("last-left", async (formed) => {
      await formed.lose(["a", "b"]);
      await formed.up(["a", "b"]);

      expect((await idsOf(settleAll(formed.swarm)))[2]).toBe(formed.nodeIds[2]);
      await expectWhole(formed);
    }),
  );

  test(
    "the first goes on alone when the others are lost for good and its own engine restarted",
    onSwarm("first-left", async (formed) => {
      await formed.lose(["b", "c"]);
      await formed.lab.host("a").container.restart({ t: 5 });
      await formed.up(hosts);

      expect((await idsOf(settleAll(formed.swarm)))[0]).toBe(formed.nodeIds[0]);
      await expectWhole(formed);
    }),
  );

  test(
    "two that are away for a while are waited for",
    onSwarm("away", async (formed) => {
      await Promise.all(["b", "c"].map((name) => formed.lab.host(name).container.kill()));

      await Promise.all([formed.swarm.settle("a"), formed.up(["b", "c"])]);

      expect(await idsOf(settleAll(formed.swarm))).toEqual(formed.nodeIds);
      await expectWhole(formed);
    }),
  );

  test(
    "all, restarted at once, are the Swarm that they were",
    onSwarm("restarted", async (formed) => {
      await Promise.all(hosts.map((name) => formed.lab.host(name).container.restart({ t: 5 })));
      await formed.up(hosts);

      expect(await idsOf(settleAll(formed.swarm))).toEqual(formed.nodeIds);
      await expectWhole(formed);
    }),
  );

  test(
    "one that was given another address joins the others from there",
    onSwarm("one-moved", async (formed) => {
      const moved = await move(formed, ["a"]);
      expect(await moved.swarm.read("a")).toBeUndefined();

      await settleAll(moved.swarm);

      await expectWhole(moved);
    }),
  );

  test(
    "all start anew where they were all given other addresses, as Swarm cannot follow them",
    onSwarm("all-moved", async (formed) => {
      const moved = await move(formed, hosts);

      await settleAll(moved.swarm);

      await moved.swarm.become("b", whole);
    }),
  );
});

/** Gives some of the hosts other addresses. */
async function move(formed: Formed, names: string[]): Promise<Formed> {
  const { lab } = formed;
  const place = (name: string) => address(cidr(lab.plan.network.subnet), 100 + hosts.indexOf(name));
  const host = (name: string) => (names.includes(name) ? lab.host(name).at(place(name)) : lab.host(name));
  await Promise.all(hosts.map((name) => host(name).up()));
  const movedLab = { ...lab, host };
  return { ...formed, lab: movedLab, swarm: testSwarm(movedLab, hosts) };
}
