import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portOfSlot, slotOf } from "../../stacks/block.ts";
import { findClashes } from "../../stacks/clashes.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { World } from "../../stacks/world.ts";
import { configOf, plan, planOf } from "./arbitraries.ts";
import { meet, within } from "./ranges.ts";
import { emptyWorld, together, worldOf } from "./worlds.ts";

const hosts = ["manager-1", "worker-1"];
const config = configOf({ addresses: "10.200.32.0/19", ports: 21000 });
const dev = planOf("dev", hosts, { config });
const find = (world: Partial<World>) => findClashes(dev, { ...emptyWorld, ...world });

/** Stacks that are close to each other in every way. */
const crowded: fc.Arbitrary<Plan> = fc
  .record({
    stack: fc.constantFrom("a", "a-b", "b", "c"),
    project: fc.constantFrom("drydock", "other"),
    home: fc.constantFrom("box:/one", "box:/two"),
    hosts: fc.uniqueArray(fc.constantFrom("c", "b-c", "d", "e"), { minLength: 1 }),
    config: fc.record({
      addresses: fc.constantFrom("10.0.0.0/19", "10.0.32.0/19", "192.168.0.0/19"),
      ports: fc.integer({ min: 20000, max: 20040 }),
    }),
  })
  .map(({ stack, project, home, hosts, config }) => planOf(stack, hosts, { project, home, config: configOf(config) }));

const namesOf = ({ network, registry, hosts }: Plan) => [
  `network ${network.name}`,
  `container ${registry.container}`,
  ...hosts.flatMap(({ container, volume }) => [`container ${container}`, `volume ${volume}`]),
];
const portsOf = ({ hosts }: Plan) => hosts.map(({ sshPort }) => sshPort);
const share = (a: unknown[], b: unknown[]) => a.some((value) => b.includes(value));

describe("clashes", () => {
  it("are none on an empty machine, nor with what the stack itself made", () => {
    fc.assert(
      fc.property(plan, (plan) => {
        expect(findClashes(plan, emptyWorld)).toEqual([]);
        expect(findClashes(plan, worldOf(plan))).toEqual([]);
      }),
    );
  });

  it("are found between two stacks exactly where they share a name, an address or a port, and from both sides", () => {
    fc.assert(
      fc.property(crowded, crowded, (a, b) => {
        const same = a.project === b.project && a.stack === b.stack;
        const own = same && a.labels["drydock.home"] === b.labels["drydock.home"];
        const shared = share(namesOf(a), namesOf(b)) || share(portsOf(a), portsOf(b)) || meet(a.addresses, b.addresses);
        const clash = !own && (same || shared);
        expect(findClashes(a, worldOf(b)).length > 0).toBe(clash);
        expect(findClashes(b, worldOf(a)).length > 0).toBe(clash);
      }),
      { numRuns: 500 },
    );
  });

  it("are found with each network and route that overlaps the block, and with no other", () => {
    const cidr = fc
      .tuple(fc.constantFrom(198, 199, 200, 201), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 9, max: 32 }))
      .map(([a, b, bits]) => `10.${a}.${b}.7/${bits}`);
    fc.assert(
      fc.property(fc.uniqueArray(cidr), fc.uniqueArray(cidr), (subnets, destinations) => {
        const networks = subnets.map((subnet, index) => ({ name: `net-${index}`, subnets: [subnet], labels: {} }));
        const routes = destinations.map((destination, index) => ({ destination, device: `eth${index}` }));
        const holders = find({ networks, routes }).map(({ holder }) => holder.replace(/ \(.*/, ""));
        const overlapping = networks.filter(({ subnets: [subnet = ""] }) => meet(subnet, dev.addresses));
        const routed = routes.filter(
          ({ destination }) =>
            meet(destination, dev.addresses) &&
            !subnets.some((subnet) => within(subnet, destination) && within(destination, subnet)),
        );
        expect(holders).toEqual([
          ...overlapping.map(({ name }) => `network ${name}`),
          ...routed.map(({ device }) => `interface ${device}`),
        ]);
      }),
    );
  });

  it("are cured by what their fix says", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(crowded, { selector: ({ prefix }) => prefix, minLength: 1 }),
        crowded,
        (others, mine) => {
          const world = together(...others.map(worldOf));
          const settings: Record<string, unknown> = { addresses: mine.addresses, ports: mine.hosts[0]?.sshPort };
          for (const { fix } of findClashes(mine, world)) {
            const [, key, value] = /^Set drydock:(\w+) to (\S+) in Pulumi\./.exec(fix) ?? [];
            if (key) settings[key] = value;
          }
          const cured = planOf(
            mine.stack,
            mine.hosts.map(({ name }) => name),
            { project: mine.project, home: mine.labels["drydock.home"] ?? "", config: configOf(settings) },
          );
          const left = findClashes(cured, world).filter(({ ours }) => ours.startsWith("drydock:"));
          expect(left).toEqual([]);
        },
      ),
    );
  });
});

describe("a clash tells", () => {
  it("the network of another stack, its stack and home, and a free block", () => {
    const other = planOf("class", hosts, {
      home: "lab:/srv",
      config: configOf({ addresses: "10.200.32.0/19", ports: 22000 }),
    });
    const [clash, ...rest] = findClashes(dev, worldOf(other));
    expect(rest).toEqual([]);
    expect(clash).toMatchObject({
      ours: "drydock:addresses 10.200.32.0/19",
      holder: "network drydock-class of stack class (home lab:/srv) (10.200.32.0/24)",
    });
    expect(clash?.fix).toMatch(/^Set drydock:addresses to 10\.\d+\.\d+\.0\/19 in Pulumi\.dev\.yaml\.$/);
  });

  it("the Docker context that has a host's name, and whose it is", () => {
    const name = dev.hosts[0]?.container ?? "";
    expect(find({ contexts: [{ name, labels: {} }] })).toMatchObject([
      {
        ours: `Docker context ${name}`,
        holder: `Docker context ${name}`,
        fix: expect.stringContaining("context rm") as string,
      },
    ]);
    const labels = { ...dev.labels, "drydock.home": "lab:/srv" };
    expect(find({ contexts: [{ name, labels }] })).toMatchObject([
      { holder: "stack dev of another Drydock home, lab:/srv" },
    ]);
    expect(find({ contexts: [{ name, labels: dev.labels }] })).toEqual([]);
  });

  it("the interface whose network the block overlaps", () => {
    const clashes = find({ routes: [{ destination: "10.200.40.0/24", device: "tun0" }] });
    expect(clashes).toMatchObject([
      { ours: "drydock:addresses 10.200.32.0/19", holder: "interface tun0 (10.200.40.0/24)" },
    ]);
  });

  it("nothing of routes that only say where the rest goes", () => {
    const destinations = ["default", "0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "fe80::/64"];
    expect(find({ routes: destinations.map((destination) => ({ destination, device: "eth0" })) })).toEqual([]);
  });

  it("the process that has a port, what the port is for, and free ones", () => {
    const [clash] = find({ listeningPorts: [{ port: 21001, holder: "process nginx (pid 7)" }, { port: 21005 }] });
    expect(clash).toMatchObject({
      ours: "drydock:ports, port 21001 (SSH of worker-1)",
      holder: "process nginx (pid 7)",
    });
    expect(clash?.fix).toMatch(/^Set drydock:ports to \d+ in Pulumi\.dev\.yaml\.$/);
  });

  it("the first range of ports that is free as a whole", () => {
    const slot = slotOf("drydock", "dev");
    const taken = [21000, portOfSlot(slot) + 5, portOfSlot(slot + 1) + 31];
    const [clash] = find({ listeningPorts: taken.map((port) => ({ port })) });
    expect(clash?.fix).toBe(`Set drydock:ports to ${portOfSlot(slot + 2)} in Pulumi.dev.yaml.`);
  });

  it("the container that publishes a port, once", () => {
    const clashes = find({
      containers: [{ name: "web", labels: {}, running: true, ports: [21001] }],
      listeningPorts: [{ port: 21001, holder: "docker-proxy" }],
    });
    expect(clashes).toMatchObject([
      { ours: expect.stringContaining("drydock:ports, port 21001 (SSH of") as string, holder: "container web" },
    ]);
  });

  it("the object that has a name of ours, and how to remove it", () => {
    const clashes = find({
      networks: [{ name: "drydock-dev", subnets: [], labels: {} }],
      containers: [{ name: "drydock-dev-worker-1", labels: {}, running: true, ports: [] }],
      volumes: [{ name: "drydock-dev-worker-1-docker", labels: {} }],
    });
    expect(clashes.map(({ ours }) => ours)).toEqual([
      "network drydock-dev",
      "container drydock-dev-worker-1",
      "volume drydock-dev-worker-1-docker",
    ]);
    expect(clashes[1]?.fix).toContain("docker rm --force drydock-dev-worker-1");
  });

  it("the other home that has a stack of the same name, once", () => {
    const theirs = planOf("dev", hosts, { home: "box:/home/eve", config });
    expect(findClashes(dev, worldOf(theirs))).toEqual([
      {
        ours: "stack dev",
        holder: "stack dev of another Drydock home, box:/home/eve",
        fix: "Run ./drydock down --stack dev there, or here when that home is gone; or take another name here: ./drydock up --stack NAME",
      },
    ]);
  });

  it("nothing of what the same home made before it was deleted, or under the machine's former name", () => {
    const home = (label: string) => planOf("dev", hosts, { home: label, config });
    const [before, after] = [home("box:/srv/drydock#0a"), home("box:/srv/drydock#0b")];
    expect(findClashes(after, worldOf(before))).toEqual([]);
    expect(findClashes(after, worldOf(home("cafe:/srv/drydock#0b")))).toEqual([]);
    expect(findClashes(after, worldOf(home("cafe:/srv/drydock#0c")))).toHaveLength(1);
  });

  it("that no block is free, where none is", () => {
    const subnets = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
    expect(find({ networks: [{ name: "all", subnets, labels: {} }] })[0]?.fix).toContain("no other block is free");
  });
});
