import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layOut, type Box } from "../../graph/layout.ts";
import { mermaid } from "../../graph/mermaid.ts";
import { svg } from "../../graph/svg.ts";
import { topologyOf, type Topology } from "../../graph/topology.ts";
import { planStack } from "../../stacks/plan.ts";
import { configOf } from "../stacks/arbitraries.ts";
import { barePlan, plannedHost, swarmOutputs, swarmPlan } from "../cli/samples.ts";

const up = topologyOf(swarmPlan, swarmOutputs);
const planned = topologyOf(barePlan);

describe("Mermaid", () => {
  test("has every host in its zone, the registry, and the networks across the hosts", () => {
    const text = mermaid(up);
    expect(text).toMatch(/^flowchart TB\n/);
    expect(text).toMatch(
      /subgraph zone_a\["zone a"\]\n +host_manager_45_1\["manager-1<br\/>manager<br\/>10\.[\d.]+"\]:::manager/,
    );
    expect(text).toContain(`"registry<br/>${swarmPlan.registry.address}"`);
    expect(text).toContain('network_harbour(["harbour<br/>overlay 10.1.2.0/24, encrypted"])');
    expect(text.match(/-\.- network_harbour/g)).toHaveLength(5);
    expect(text.match(/subgraph/g)).toHaveLength(text.match(/^ +end$/gm)?.length ?? 0);
  });

  test("keeps names apart that differ in a sign only, and escapes what would end a label", () => {
    const hosts = ["a-1", "a_1", 'end"]'].map((name) => ({ ...plannedHost(barePlan), name }));
    const text = mermaid({ ...planned, hosts });
    expect(text).toContain('host_a_45_1["a-1');
    expect(text).toContain('host_a_95_1["a_1');
    expect(text).toContain('["end#34;]<br/>');
  });
});

test("hosts that are elsewhere have no registry beside them, and no ports of the learner's loopback", () => {
  const ec2 = { region: "eu-central-1", sshFrom: "198.51.100.0/24" };
  const lab = { slug: "some-lab", hosts: [{ name: "only", role: "host" as const }], images: [] };
  const config = configOf({ target: "ec2", ec2 });
  const away = topologyOf(planStack({ project: "drydock", stack: "cloud", config, lab, home: "box:/srv" }));

  expect(mermaid(away)).toContain("host_only");
  expect(mermaid(away)).not.toContain("registry[");
  expect(svg(away)).toContain(">SSH</text>");
  expect(svg(away)).not.toMatch(/127\.0\.0\.1|>registry</);
});

describe("the picture", () => {
  test("names every host, its address and role, the networks and the way in", () => {
    const text = svg(up);
    for (const { name, address } of up.hosts) {
      expect(text).toContain(`>${name}</text>`);
      expect(text).toContain(`>${address}</text>`);
    }
    for (const zone of ["a", "b", "c"]) expect(text).toContain(`>zone ${zone}</text>`);
    expect(text).toContain(">harbour</text>");
    expect(text).toContain("overlay 10.1.2.0/24, encrypted");
    const ports = up.hosts.map(({ sshPort }) => sshPort);
    expect(text).toContain(`127.0.0.1:${Math.min(...ports)}-${Math.max(...ports)}`);
    expect(text).toContain("prefers-color-scheme:dark");
  });

  test("shows what runs on a host in place of that it is bare, in words that fit its card", () => {
    const { name: host } = plannedHost(barePlan);
    const runs = { ...planned, components: [{ name: "hub", kind: "private registry", host }] };
    expect(svg(runs)).toContain(">private registry hub</text>");
    expect(svg(runs).match(/>bare host</g)).toHaveLength(planned.hosts.length - 1);
    expect(mermaid(runs)).toContain(`["${host}<br/>private registry hub<br/>`);
    expect(layOut(runs).zones[0]?.cards[0]?.width).toBeGreaterThan(layOut(planned).zones[0]?.cards[0]?.width ?? 0);
  });

  test("is drawn from the plan alone", () => {
    expect(svg(planned)).toContain(">bare host</text>");
  });

  test("shows names as text, whatever is in them", () => {
    const text = svg({ ...planned, lab: "</title><script>", hosts: [{ ...plannedHost(barePlan), name: 'a<b&"c"' }] });
    expect(text).not.toContain("<script>");
    expect(text).toContain("a&lt;b&amp;&quot;c&quot;");
  });
});

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

test("nothing in the picture covers another, whatever the topology", () => {
  const host = fc.record({
    name: fc.stringMatching(/^[a-z][a-z0-9-]{0,23}$/),
    role: fc.constantFrom("manager" as const, "worker" as const, "host" as const),
    address: fc.ipV4(),
    sshPort: fc.integer({ min: 1024, max: 65535 }),
    labels: fc.oneof(fc.constant({}), fc.record({ zone: fc.constantFrom("a", "b", "c") })),
  });
  const network = fc.record({
    name: fc.string(),
    driver: fc.constant("overlay"),
    subnet: fc.constant("10.0.0.0/24"),
    encrypted: fc.boolean(),
  });
  const component = fc.record({ name: fc.string(), kind: fc.string(), host: fc.string() });
  const topology: fc.Arbitrary<Topology> = fc.record({
    lab: fc.string(),
    stack: fc.string(),
    network: fc.record({ name: fc.string(), subnet: fc.constant("10.0.0.0/24") }),
    hosts: fc.array(host, { minLength: 1, maxLength: 31 }),
    registry: fc.option(fc.record({ address: fc.ipV4() }), { nil: undefined }),
    onLoopback: fc.boolean(),
    networks: fc.array(network, { maxLength: 6 }),
    components: fc.array(component, { maxLength: 3 }),
  });
  fc.assert(
    fc.property(topology, (drawn) => {
      const { width, height, frame, laptop, zones, registry, bands } = layOut(drawn);
      const cards = zones.flatMap((zone) => zone.cards);
      expect(cards).toHaveLength(drawn.hosts.length);
      for (const zone of zones) for (const card of zone.cards) expect(inside(card, zone)).toBe(true);
      const apart: Box[] = [...cards, ...(registry ? [registry] : []), ...bands, laptop];
      for (const [index, box] of apart.entries()) {
        for (const other of apart.slice(index + 1)) expect(overlap(box, other)).toBe(false);
        if (box !== laptop) expect(inside(box, frame)).toBe(true);
        expect(inside(box, { x: 0, y: 0, width, height })).toBe(true);
      }
    }),
  );
});
