import { expect, test } from "vitest";
import { ConfigError, type ConfigProblem, parseCohortConfig, parseConfig } from "../../../stacks/config.ts";
import { hostKeyOf } from "./hostKey.ts";

const [hostKey, otherKey] = [hostKeyOf(1), hostKeyOf(2)];
const context = { stack: "dev", labs: ["some-lab"] };
const parse = (machines: unknown, more: Record<string, unknown> = {}) =>
  parseConfig({ "drydock:lab": "some-lab", "drydock:target": "ssh", "drydock:machines": machines, ...more }, context);

/** The problems of a refusal. */
function problemsOf(work: () => unknown): ConfigProblem[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const faults = (work: () => unknown): string[] => problemsOf(work).map(({ path, allowed }) => `${path}: ${allowed}`);

test("a machine is known by its login and its host key; what is in reach at an address has that between them", () => {
  const given = [{ ssh: "debian@192.0.2.7", hostKey: `${hostKey} root@box` }];
  const login = { user: "debian", host: "192.0.2.7", port: 22, hostKey };

  expect(parse(given)).toMatchObject({
    machines: [{ login, address: "192.0.2.7" }],
    identity: "~/.ssh/id_ed25519",
    installEngine: false,
  });
  expect(parse(JSON.stringify(given)).machines).toEqual([{ login, address: "192.0.2.7" }]);
});

test("a machine may have a name, a port, and another address between the machines", () => {
  expect(parse([{ ssh: "root@box.example.org:2222", hostKey, address: "10.0.0.5" }]).machines).toEqual([
    { login: { user: "root", host: "box.example.org", port: 2222, hostKey }, address: "10.0.0.5" },
  ]);
});

test.each([
  ["no map", "root@192.0.2.7", "", '"root@192.0.2.7"', "a map with ssh, hostKey and"],
  ["no user", { ssh: "192.0.2.7", hostKey }, ".ssh", '"192.0.2.7"', "user@host or"],
  ["a port that is none", { ssh: "root@box:70000", hostKey, address: "10.0.0.5" }, ".ssh", '"root@box:70000"', "user@"],
  ["an option of ssh in the host's place", { ssh: "root@-oX=x", hostKey }, ".ssh", '"root@-oX=x"', "user@host or"],
  ["no host key", { ssh: "root@192.0.2.7" }, ".hostKey", "nothing", "the machine's ssh-ed25519 public key"],
  [
    "a key of another kind",
    { ssh: "root@192.0.2.7", hostKey: "ssh-rsa A" },
    ".hostKey",
    '"ssh-rsa A"',
    "the machine's",
  ],
  ["a name without an address", { ssh: "root@box", hostKey }, ".address", "nothing", "an IPv4 address"],
  ["an address that is none", { ssh: "root@box", hostKey, address: "10" }, ".address", '"10"', "an IPv4 address"],
  ["a word too many", { ssh: "root@192.0.2.7", hostKey, prot: 1 }, ".prot", "1", "drydock:machines[2].address, "],
])("a machine with %s is told of once, by its entry", (_what, machine, key, received, allowed) => {
  const found = problemsOf(() => parse([{ ssh: "root@192.0.2.1", hostKey: otherKey }, machine]));

  expect(found).toMatchObject([{ path: `drydock:machines[2]${key}`, entry: "entry 2 of 2", received }]);
  expect(found[0]?.allowed).toMatch(allowed);
  expect(found[0]?.allowed).not.toContain("a list");
});

test("all that is wrong with machines is told at once, and no machine at all is, too", () => {
  expect(faults(() => parse(["a", { ssh: "root@192.0.2.7" }, {}])).map((fault) => fault.split(": ")[0])).toEqual([
    "drydock:machines[1]",
    "drydock:machines[2].hostKey",
    "drydock:machines[3].ssh",
    "drydock:machines[3].hostKey",
  ]);
  expect(faults(() => parse([]))).toEqual([
    expect.stringMatching(/^drydock:machines: a list of different machines with/),
  ]);
});

test("a fix says which entry it is of, and a message that entries are counted from 1", () => {
  expect(() => parse([{ ssh: "192.0.2.7", hostKey }])).toThrow(
    /machines\[1\]\.ssh \(entry 1 of 1\): .* Set ssh of entry 1 of drydock:machines to debian@192\.0\.2\.11 in/,
  );
});

test("a machine that is there twice is told of once, with both entries", () => {
  const [one, other] = [1, 2].map((n) => ({ ssh: `root@192.0.2.${n}`, hostKey: hostKeyOf(n) }));

  expect(problemsOf(() => parse([one, other, { ...one, ssh: "ada@192.0.2.1:22" }]))).toMatchObject([
    { path: "drydock:machines[3].ssh", allowed: "another machine than entry 1's, 192.0.2.1:22" },
  ]);
});

test("a host key that two machines have, whatever the comments are, is told of with both entries and what to do", () => {
  const machines = [
    { ssh: "root@192.0.2.1", hostKey: `${hostKey} one` },
    { ssh: "root@192.0.2.2", hostKey: otherKey },
    { ssh: "root@192.0.2.3", hostKey: `${hostKey} three` },
  ];

  expect(problemsOf(() => parse(machines))).toMatchObject([
    {
      path: "drydock:machines[3].hostKey",
      allowed: `another host key than entry 1's, ${hostKey}`,
      fix: expect.stringContaining("ssh-keygen -A") as string,
    },
  ]);
});

test("an address that two machines have is told of with both entries", () => {
  const machines = [
    { ssh: "root@box", hostKey, address: "192.0.2.1" },
    { ssh: "root@192.0.2.1", hostKey: otherKey },
  ];

  expect(problemsOf(() => parse(machines))).toMatchObject([
    { path: "drydock:machines[2].address", allowed: "another address than entry 1's, 192.0.2.1" },
  ]);
});

test("a private key in the place of a host key is refused, and not shown", () => {
  const secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA";

  for (const machines of [[{ ssh: "root@192.0.2.7", hostKey: secret }], [secret], [{ [secret.slice(0, 9)]: secret }]]) {
    expect(() => parse(machines)).toThrow(/drydock:machines\[1\].*received a private key, which is not shown/);
    expect(() => parse(machines)).not.toThrow("b3BlbnNzaC1rZXktdjE");
  }
});

test("an engine and machines do not go together, in a class neither", () => {
  const machines = [{ ssh: "root@192.0.2.7", hostKey }];
  const engine = "ssh://root@lab1";
  expect(problemsOf(() => parse(machines, { "drydock:engine": engine }))).toMatchObject([
    {
      path: "drydock:engine",
      allowed: expect.stringContaining("none with drydock:target ssh: these do not go together") as string,
      fix: "Remove it, or set drydock:target to container in Pulumi.dev.yaml.",
    },
  ]);

  const cohort = { "drydock:learners": ["ada"], "drydock:labs": ["some-lab"], "drydock:engines": [engine] };
  const onMachines = { ...cohort, "drydock:target": "ssh", "drydock:machines": machines };
  expect(faults(() => parseCohortConfig(onMachines, context))).toEqual([
    expect.stringMatching(/^drydock:engines: none with drydock:target ssh: these do not go together/),
  ]);
  expect(faults(() => parseCohortConfig({ ...cohort, "drydock:target": "vm" }, context))).toEqual([]);
});

test("the target ssh wants machines, a cohort's, too", () => {
  const wanted = [expect.stringMatching(/^drydock:machines: .*as drydock:target is ssh$/)];
  expect(faults(() => parse(undefined))).toEqual(wanted);

  const cohort = { "drydock:learners": ["ada"], "drydock:labs": ["some-lab"], "drydock:target": "ssh" };
  expect(faults(() => parseCohortConfig(cohort, context))).toEqual(wanted);
});
