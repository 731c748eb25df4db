import { expect, test } from "vitest";
import { rangeOf } from "../../../stacks/ssh/plan.ts";
import { configOf, planOf } from "../arbitraries.ts";
import { hostKeyOf } from "./hostKey.ts";

const machinesAt = (...addresses: string[]) =>
  addresses.map((address, number) => ({
    ssh: `root@box-${number}:${2200 + number}`,
    hostKey: hostKeyOf(number),
    address,
  }));
const plan = (machines: unknown, hosts: string[], more: Record<string, unknown> = {}) =>
  planOf("dev", hosts, { config: configOf({ target: "ssh", machines, addresses: "10.192.0.0/19", ...more }) });

test("a stack of containers has no machines, whatever the settings have", () => {
  expect(plan(machinesAt("10.0.0.1"), ["one"], { target: "container" }).ssh).toBeUndefined();
});

test("the first machines are the hosts, at their own addresses and ports", () => {
  const { hosts, ssh, network } = plan(machinesAt("10.0.0.5", "10.0.0.9", "10.0.0.200"), ["one", "two"]);

  expect(hosts.map(({ name, address, sshPort }) => [name, address, sshPort])).toEqual([
    ["one", "10.0.0.5", 2200],
    ["two", "10.0.0.9", 2201],
  ]);
  expect(ssh?.machines.map(({ login }) => login.host)).toEqual(["box-0", "box-1"]);
  expect(network.subnet).toBe("10.0.0.0/28");
});

test("fewer machines than hosts are refused", () => {
  expect(() => plan(machinesAt("10.0.0.5"), ["one", "two"])).toThrow("received 1; lab some-lab has 2 hosts");
});

test("a machine in the block of the networks inside the hosts is refused", () => {
  expect(() => plan(machinesAt("10.192.1.5"), ["one"])).toThrow("10.192.0.0/19 has the address 10.192.1.5");
});

test.each([
  [["10.0.0.1"], "10.0.0.1/32"],
  [["10.0.0.1", "10.0.1.1"], "10.0.0.0/23"],
  [["10.0.0.1", "192.168.0.1"], "0.0.0.0/0"],
])("the range of %s is %s", (addresses, range) => {
  const { ssh } = plan(
    machinesAt(...addresses),
    addresses.map((_, number) => `host-${number}`),
  );
  expect(ssh && rangeOf(ssh)).toBe(range);
});
