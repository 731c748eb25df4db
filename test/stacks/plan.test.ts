import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { slotOf } from "../../stacks/block.ts";
import { planStack, type Plan } from "../../stacks/plan.ts";
import { VisibleError } from "../../stacks/visibleError.ts";
import { configOf, plan, planInput, planOf, stackName } from "./arbitraries.ts";
import { meet, rangeOf, within } from "./ranges.ts";

const distinct = (values: unknown[]) => new Set(values).size === values.length;
const containersOf = ({ hosts, registry }: Plan) => [registry.container, ...hosts.map(({ container }) => container)];
const portsOf = ({ hosts }: Plan) => hosts.map(({ sshPort }) => sshPort);
const addressesOf = ({ hosts, registry, network }: Plan) => [
  network.gateway,
  registry.address,
  ...hosts.map(({ address }) => address),
];
const subnetsOf = ({ network, swarm, enginePool }: Plan) => [network.subnet, enginePool.base, swarm.overlayBase];
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

describe("a plan", () => {
  it("is the documented one for a stack with an address block and ports of its own", () => {
    const config = configOf({ addresses: "10.200.32.0/19", ports: 21000 });
    expect(planOf("dev", ["worker-1", "worker-2"], { config })).toMatchObject({
      prefix: "drydock-dev",
      addresses: "10.200.32.0/19",
      network: { name: "drydock-dev", subnet: "10.200.32.0/24", gateway: "10.200.32.1" },
      registry: { container: "drydock-dev-registry", address: "10.200.32.2" },
      enginePool: { bip: "10.200.36.1/26", base: "10.200.36.0/22", size: 26 },
      swarm: {
        overlayBase: "10.200.48.0/20",
        overlaySize: 24,
      },
      hosts: [
        {
          name: "worker-1",
          container: "drydock-dev-worker-1",
          volume: "drydock-dev-worker-1-docker",
          address: "10.200.32.11",
          sshPort: 21000,
        },
        { name: "worker-2", address: "10.200.32.12", sshPort: 21001 },
      ],
    });
  });

  it("takes block and ports from the hash of project and stack by default", () => {
    const slot = slotOf("drydock", "dev");
    const { addresses, hosts } = planOf("dev", ["worker-1"]);
    expect(addresses, "stacks that stand would move").toBe("10.216.192.0/19");
    expect(rangeOf(addresses)[0]).toBe(rangeOf("10.192.0.0/11")[0] + slot * 8192);
    expect(hosts[0]?.sshPort).toBe(20000 + slot * 32);
  });

  it("is the same for the same input", () => {
    fc.assert(
      fc.property(planInput, (input) => {
        expect(planStack(input)).toEqual(planStack(structuredClone(input)));
      }),
    );
  });

  it("keeps every subnet in its block, and none overlaps another", () => {
    fc.assert(
      fc.property(plan, (plan) => {
        const subnets = subnetsOf(plan);
        for (const [index, subnet] of subnets.entries()) {
          expect(within(subnet, plan.addresses)).toBe(true);
          expect(subnets.slice(index + 1).filter((other) => meet(subnet, other))).toEqual([]);
        }
      }),
    );
  });

  it("gives all that is on the lab network an address of its own in it", () => {
    fc.assert(
      fc.property(plan, (plan) => {
        expect(distinct(addressesOf(plan))).toBe(true);
        const [first, last] = rangeOf(plan.network.subnet);
        for (const address of addressesOf(plan)) {
          expect(rangeOf(address)[0]).toBeGreaterThan(first);
          expect(rangeOf(address)[0]).toBeLessThan(last);
        }
      }),
    );
  });

  it("has docker0 in the engine's pool", () => {
    fc.assert(
      fc.property(plan, ({ enginePool }) => {
        expect(within(enginePool.bip, enginePool.base)).toBe(true);
      }),
    );
  });

  it("has valid names of at most 63 characters, whatever the stack is called, and no name or port twice", () => {
    fc.assert(
      fc.property(plan, (plan) => {
        for (const name of [plan.network.name, ...containersOf(plan), ...plan.hosts.map(({ name }) => name)]) {
          expect(name).toMatch(label);
        }
        expect(distinct(containersOf(plan))).toBe(true);
        expect(distinct(plan.hosts.map(({ volume }) => volume))).toBe(true);
        expect(distinct(portsOf(plan))).toBe(true);
        for (const port of portsOf(plan)) expect(port).toBeLessThanOrEqual(65535);
      }),
    );
  });

  it("labels everything completely", () => {
    fc.assert(
      fc.property(planInput, (input) => {
        const { labels } = planStack(input);
        expect(labels).toEqual({
          "drydock.project": input.project,
          "drydock.stack": input.stack,
          "drydock.lab": input.lab.slug,
          "drydock.learner": input.config.learner,
          "drydock.expiry": input.config.expiry ?? "",
          "drydock.home": input.home,
        });
      }),
    );
  });

  it("gives stacks of different slots nothing in common", () => {
    fc.assert(
      fc.property(stackName, stackName, (a, b) => {
        fc.pre(slotOf("drydock", a) !== slotOf("drydock", b));
        const [one, other] = [planOf(a, ["worker-1", "worker-2"]), planOf(b, ["worker-1", "worker-2"])];
        expect(meet(one.addresses, other.addresses)).toBe(false);
        expect(portsOf(one).filter((port) => portsOf(other).includes(port))).toEqual([]);
      }),
    );
  });

  it("gives different stacks different prefixes", () => {
    fc.assert(
      fc.property(stackName, stackName, (a, b) => {
        fc.pre(a !== b);
        expect(planOf(a, []).prefix).not.toBe(planOf(b, []).prefix);
      }),
    );
  });

  it("gives no stack the prefix that another's odd name was normalised to", () => {
    const odd = ["Dev", "dev.", "dev_", "d--ev", "d.ev", "d_ev", "x".repeat(31), "x".repeat(32), ".", "_", "é"];
    const prefixes = odd.map((stack) => planOf(stack, []).prefix);
    expect(distinct(prefixes)).toBe(true);
    for (const prefix of prefixes) expect(planOf(prefix.slice("drydock-".length), []).prefix).not.toBe(prefix);
  });

  it("fills a host's limits from the configuration where its lab sets none", () => {
    const config = configOf({ hosts: { memoryMib: 512, cpus: 1.5, pids: 1000 } });
    const hosts = [
      { name: "a", role: "manager" as const },
      { name: "b", role: "host" as const, memoryMib: 2048, labels: { zone: "b" } },
    ];
    expect(planOf("dev", [], { config, lab: { slug: "some-lab", hosts, images: [] } }).hosts).toMatchObject([
      { name: "a", role: "manager", memoryMib: 512, cpus: 1.5, pids: 1000, labels: {} },
      { name: "b", role: "host", memoryMib: 2048, cpus: 1.5, pids: 1000, labels: { zone: "b" } },
    ]);
  });
});

describe("a plan is refused", () => {
  const refusal = (make: () => Plan): string => {
    try {
      make();
    } catch (error) {
      if (error instanceof VisibleError) return error.message;
      throw error;
    }
    throw new Error("the plan was made");
  };

  it("with more hosts than a stack has addresses and ports for", () => {
    const names = Array.from({ length: 33 }, (_, number) => `host-${number}`);
    expect(planOf("dev", names.slice(1)).hosts).toHaveLength(32);
    expect(refusal(() => planOf("dev", names))).toMatch(/33 hosts.*32/);
  });

  it("for every host name that cannot be used, all at once", () => {
    const message = refusal(() => planOf("dev", ["a", "a", "registry", "Big", "x".repeat(25)]));
    expect(message).toMatch(/"a" is used twice/);
    expect(message).toMatch(/"registry"/);
    expect(message).toMatch(/"Big"/);
    expect(message).toMatch(/"x{25}"/);
  });

  it("with ports past 65535, telling the last that fits", () => {
    const message = refusal(() => planOf("dev", ["a"], { config: { ...configOf(), ports: 65505 } }));
    expect(message).toMatch(/received 65505.*1024 to 65504/);
    expect(message).toMatch(/Set drydock:ports to \d+ in Pulumi\.dev\.yaml\./);
  });

  it.each(["10.192.0.0/20", "10.192.0.0/18", "10.192.1.0/19", "8.8.0.0/19", "nonsense"])(
    "with %s for a block",
    (addresses) => {
      const message = refusal(() => planOf("dev", ["a"], { config: { ...configOf(), addresses } }));
      expect(message).toContain(`received ${addresses}`);
      expect(message).toContain("Set drydock:addresses to 10.192.0.0/19 in Pulumi.dev.yaml.");
    },
  );
});
