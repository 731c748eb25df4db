import { expect, test } from "vitest";
import { ConfigError, parseCohortConfig, parseConfig } from "../../../stacks/config.ts";

const hostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN+e36VLSKtfLmJmoShR/Dlebe+R/1EOZjPF7U33Ahx8";
const context = { stack: "dev", labs: ["some-lab"] };
const parse = (machines: unknown, more: Record<string, unknown> = {}) =>
  parseConfig({ "drydock:lab": "some-lab", "drydock:target": "ssh", "drydock:machines": machines, ...more }, context);

/** The problems of a refusal. */
function faults(work: () => unknown): string[] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ path, allowed }) => `${path}: ${allowed}`);
    throw error;
  }
}

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
  ["no user", [{ ssh: "192.0.2.7", hostKey }]],
  ["a port that is none", [{ ssh: "root@192.0.2.7:70000", hostKey }]],
  ["an option of ssh in the host's place", [{ ssh: "root@-oProxyCommand=x", hostKey, address: "10.0.0.5" }]],
  ["no host key", [{ ssh: "root@192.0.2.7" }]],
  ["a host key of another kind", [{ ssh: "root@192.0.2.7", hostKey: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7" }]],
  ["a name without an address", [{ ssh: "root@box", hostKey }]],
  ["an address that is none", [{ ssh: "root@box", hostKey, address: "10.0.0" }]],
  ["a word too many", [{ ssh: "root@192.0.2.7", hostKey, password: "x" }]],
  ["the same machine twice", [1, 2].map((n) => ({ ssh: "root@box", hostKey, address: `10.0.0.${n}` }))],
  ["the same address twice", ["a", "b"].map((host) => ({ ssh: `root@${host}`, hostKey, address: "10.0.0.1" }))],
  ["no machine", []],
])("machines are refused with %s", (_what, machines) => {
  expect(faults(() => parse(machines))[0]).toMatch(/^drydock:machines: a list of different machines/);
});

test("a private key in the place of a host key is refused, and not shown", () => {
  const secret = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAA";

  expect(() => parse([{ ssh: "root@192.0.2.7", hostKey: secret }])).toThrow(ConfigError);
  expect(() => parse([{ ssh: "root@192.0.2.7", hostKey: secret }])).not.toThrow("b3BlbnNzaC1rZXktdjE");
});

test("the target ssh wants machines, a cohort's, too", () => {
  const wanted = [expect.stringMatching(/^drydock:machines: .*as drydock:target is ssh$/)];
  expect(faults(() => parse(undefined))).toEqual(wanted);

  const cohort = { "drydock:learners": ["ada"], "drydock:labs": ["some-lab"], "drydock:target": "ssh" };
  expect(faults(() => parseCohortConfig(cohort, context))).toEqual(wanted);
});
