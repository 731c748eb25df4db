import { describe, expect, test } from "vitest";
import { parseVmLook } from "../../doctor/gather/vmFacts.ts";
import { judge, refuseProblems } from "../../doctor/examine.ts";
import type { EngineFacts, Facts, MachineFacts } from "../../doctor/facts.ts";
import { MachineError } from "../../stacks/machineError.ts";
import { plannedHost } from "../cli/samples.ts";
import type { World } from "../../stacks/world.ts";
import { goodFacts, goodMachine, wanted } from "./samples.ts";

const withEngine = (engine: Partial<EngineFacts>): Facts => ({
  ...goodFacts,
  engine: { ...goodFacts.engine, ...engine },
});
const withMachine = (machine: Partial<MachineFacts>): Facts => ({
  ...goodFacts,
  machine: { ...goodMachine, ...machine },
});
const without = (name: keyof MachineFacts["capabilities"]): Facts =>
  withMachine({ capabilities: { ...goodMachine.capabilities, [name]: false } });

test("a machine that has everything is found well, in everything that was looked at", () => {
  const findings = judge(goodFacts, wanted);
  expect(findings.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
  const abouts = [
    "engine",
    "storage",
    "cgroups",
    "host containers",
    "kernel: ip_vs",
    "kernel: vxlan",
    "kernel: macvlan",
  ];
  expect(findings.map(({ about }) => about)).toEqual(
    expect.arrayContaining([...abouts, "kernel: ESP", "kernel: AppArmor", "addresses", "inotify", "capacity"]),
  );
});

describe("virtual machines", () => {
  const onVms = { ...wanted, plan: { ...wanted.plan, target: "vm" as const } };
  const found = (vm: Facts["vm"], about: string) =>
    judge({ ...goodFacts, vm }, onVms).find((finding) => finding.about === about);

  test("are well with KVM", () => {
    const vm = { accelerator: "kvm" as const, because: "", tap: true };
    expect(found(vm, "virtual machines")).toMatchObject({ verdict: "ok" });
  });

  test("are slow without, and it is said why", () => {
    const vm = { accelerator: "tcg" as const, because: "no permission", tap: true };
    expect(found(vm, "virtual machines")).toMatchObject({
      verdict: "warning",
      seen: expect.stringContaining("(no permission)") as string,
      fix: expect.stringContaining("kvm_intel") as string,
    });
  });

  test("cannot be had without a tap", () => {
    const vm = { accelerator: "kvm" as const, because: "", tap: false };
    expect(found(vm, "virtual machines")).toMatchObject({
      verdict: "problem",
      fix: expect.stringContaining("modprobe -a tun bridge") as string,
    });
  });

  test("have a kernel of their own, whatever the machine's lacks", () => {
    const findings = judge({ ...without("vxlan"), vm: undefined }, onVms);
    expect(findings.filter(({ verdict }) => verdict === "problem")).toEqual([]);
    expect(findings.find(({ about }) => about === "kernel")?.seen).toContain("ip_vs");
  });

  test("take their memory whole", () => {
    const facts = withMachine({ memoryAvailableMib: 5 * 1024 });
    expect(judge(facts, onVms).filter(({ verdict }) => verdict === "problem")).toMatchObject([{ about: "memory" }]);
    expect(judge(facts, wanted).filter(({ verdict }) => verdict === "problem")).toEqual([]);
  });
});

test.each([
  ["kvm\ntap\n", { accelerator: "kvm", because: "", tap: true }],
  ["tcg KVM internal error\n", { accelerator: "tcg", because: "KVM internal error", tap: false }],
  ["sh: not found\n", { unseen: "looking failed: sh: not found" }],
])("what was tried for virtual machines is read: %j", (output, facts) => {
  expect(parseVmLook(output)).toEqual(facts);
});

describe("an image that only a registry has", () => {
  const withGrafana = { ...wanted, plan: { ...wanted.plan, images: ["nginx", "grafana"] } };
  const grafana = (facts: Facts) => judge(facts, withGrafana).filter(({ about }) => about.startsWith("image: "));

  test("is left out where images are bootstrapped, with the reason", () => {
    expect(grafana(withEngine({ imageOrigin: "bootstrap" }))).toMatchObject([
      { about: "image: grafana", verdict: "warning", seen: expect.stringMatching(/left out .*web pages/) as string },
    ]);
  });

  test("is there where a registry is", () => {
    expect(grafana(goodFacts)).toMatchObject([{ about: "image: grafana", verdict: "ok" }]);
  });
});

const first = plannedHost(wanted.plan);
const labels = (home: string) => ({ "drydock.project": "drydock", "drydock.stack": "dev", "drydock.home": home });

describe("each fault is found, with a fix", () => {
  test.each<[string, Facts, "problem" | "warning", string, RegExp]>([
    ["an old engine", withEngine({ version: "19.03.15" }), "problem", "engine", /20\.10/],
    ["a rootless engine", withEngine({ rootless: true }), "warning", "engine", /DOCKER_HOST/],
    ["a disk that tells no file types", withEngine({ dType: false }), "problem", "storage", /ftype=1/],
    ["vfs", withEngine({ storageDriver: "vfs" }), "warning", "storage", /overlay2/],
    ["no cgroups", withEngine({ cgroupVersion: 0 }), "problem", "cgroups", /Mount cgroups/],
    [
      "capabilities that are refused",
      { ...goodFacts, start: { explicit: "operation not permitted", privileged: "no" } },
      "problem",
      "host containers",
      /SYS_ADMIN/,
    ],
    [
      "containers that could not be tried",
      { ...goodFacts, start: { unseen: "no image" } },
      "warning",
      "host containers",
      /setup/,
    ],
    [
      "a kernel that could not be looked at",
      { ...goodFacts, machine: { unseen: "no image" } },
      "warning",
      "kernel",
      /setup/,
    ],
    ["no vxlan, which the lab needs", without("vxlan"), "problem", "kernel: vxlan", /modprobe vxlan/],
    ["no ip_vs, which the lab wants", without("ipvs"), "warning", "kernel: ip_vs", /modprobe ip_vs/],
    [
      "a network with the stack's addresses",
      {
        ...goodFacts,
        world: { ...goodFacts.world, networks: [{ name: "vpn", labels: {}, subnets: [wanted.plan.addresses] }] },
      },
      "problem",
      `drydock:addresses ${wanted.plan.addresses}`,
      /drydock:addresses/,
    ],
    [
      "a process on a host's port",
      {
        ...goodFacts,
        world: { ...goodFacts.world, listeningPorts: [{ port: first.sshPort, holder: "process sshd (pid 7)" }] },
      },
      "problem",
      `drydock:ports, port ${first.sshPort} (SSH of ${first.name})`,
      /drydock:ports/,
    ],
    [
      "few inotify instances",
      withMachine({ inotifyInstances: 100 }),
      "warning",
      "inotify",
      /sysctl -w fs\.inotify\.max_user_instances=512/,
    ],
    ["little memory", withMachine({ memoryAvailableMib: 200 }), "problem", "memory", /memory/],
    ["little disk", withMachine({ diskFreeMib: 100 }), "problem", "disk", /docker system df/],
    ["fewer cores than a host may use", withEngine({ cpus: 1 }), "problem", "cores", /hosts/],
  ])("%s", (_, facts, verdict, about, fix) => {
    const faults = judge(facts, wanted).filter((finding) => finding.verdict !== "ok");
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ about, verdict, fix: expect.stringMatching(fix) as string });
  });
});

test("the holder of what is taken is named", () => {
  const world = { ...goodFacts.world, listeningPorts: [{ port: first.sshPort, holder: "process sshd (pid 7)" }] };
  expect(judge({ ...goodFacts, world }, wanted).find(({ verdict }) => verdict === "problem")?.seen).toBe(
    "taken by process sshd (pid 7)",
  );
});

test("a kernel feature that the lab does not use is no matter", () => {
  const finding = judge(without("apparmor"), wanted).find(({ about }) => about === "kernel: AppArmor");
  expect(finding).toMatchObject({ verdict: "ok", seen: "missing; swarm-failover does not use it" });
});

describe("what stands of a stack has taken its share", () => {
  const containers = wanted.plan.hosts.map(({ container }) => ({
    name: container,
    running: true,
    ports: [],
    labels: wanted.plan.labels,
  }));
  /** What there is too little of on a machine with that much left. */
  const short = (memoryAvailableMib: number, diskFreeMib: number, standing: World["containers"]) => {
    const full = withMachine({ memoryAvailableMib, diskFreeMib });
    const findings = judge({ ...full, world: { ...full.world, containers: standing } }, wanted);
    return findings.filter(({ verdict }) => verdict === "problem").map(({ about }) => about);
  };

  test("one whose hosts run needs no more", () => {
    expect(short(10, 10, containers)).toEqual([]);
  });

  test("one whose hosts are stopped needs their memory, not their disk", () => {
    expect(
      short(
        10,
        10,
        containers.map((container) => ({ ...container, running: false })),
      ),
    ).toEqual(["memory"]);
  });

  test("one that lost a host needs what that takes, and no more", () => {
    const { role } = wanted.plan.hosts[0] ?? {};
    expect(role).toBe("manager");
    expect(short(145 + 128, 1 + 256, containers.slice(1))).toEqual([]);
    expect(short(145 + 127, 1 + 255, containers.slice(1))).toEqual(["memory", "disk"]);
  });

  test("another home's hosts are none of it", () => {
    const others = containers.map((container) => ({ ...container, labels: labels("elsewhere:/home") }));
    expect(short(10, 10, others)).toEqual(expect.arrayContaining(["memory", "disk"]));
  });

  test("a limit that the machine cannot give is told of one that stands, too", () => {
    const facts = { ...withEngine({ cpus: 1 }), world: { ...goodFacts.world, containers } };
    expect(judge(facts, wanted).filter(({ verdict }) => verdict === "problem")).toMatchObject([{ about: "cores" }]);
  });
});

describe("before a lab is brought up", () => {
  test("every problem is refused at once, with its fix", () => {
    const facts = { ...withMachine({ memoryAvailableMib: 200, diskFreeMib: 100 }) };
    const refuse = () => refuseProblems(judge(facts, wanted), wanted);
    expect(refuse).toThrow(MachineError);
    expect(refuse).toThrow(
      /swarm-failover cannot be brought up here[^]*memory: 200 MiB there[^]*disk: 100 MiB there[^]*docker system df/,
    );
  });

  test("warnings are let through, and told", () => {
    expect(refuseProblems(judge(without("ipvs"), wanted), wanted).map(({ about }) => about)).toEqual(["kernel: ip_vs"]);
  });
});

test("a stack that stands as another cohort's is not touched, and both are named", () => {
  const labels = { ...wanted.plan.labels, "drydock.cohort": "spring" };
  const world = { ...goodFacts.world, containers: [{ name: "drydock-dev-host-1", labels, running: true, ports: [] }] };
  const found = judge({ ...goodFacts, world }, wanted).find(({ about }) => about === "drydock:cohort");
  expect(found).toMatchObject({
    verdict: "problem",
    seen: "what stands of stack dev is of cohort spring, its settings say no cohort",
    fix: expect.stringContaining("Pulumi.dev.yaml") as string,
  });
  const own = { ...wanted, plan: { ...wanted.plan, labels } };
  expect(judge({ ...goodFacts, world }, own).filter(({ about }) => about === "drydock:cohort")).toEqual([]);
});
