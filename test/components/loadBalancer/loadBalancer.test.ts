import { expect, test } from "vitest";
import type { Server } from "../../../components/loadBalancer/haproxyConfig.ts";
import { LoadBalancer } from "../../../components/loadBalancer/loadBalancer.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf } from "../declare.ts";

const plan = planOf("dev", ["a"]);

const declareWith = (servers: Server[], port?: number) =>
  declare(() => new LoadBalancer("front", { plan, host: anyHost("a"), servers, port }));

async function configOf(servers: Server[], port?: number): Promise<string> {
  const { declared } = await declareWith(servers, port);
  const service = declared.find(({ type }) => type === "drydock:index:HostService");
  return Object.values(service?.inputs.settings as Record<string, string>).join("");
}

test("each server has its address, its weight and a health check", async () => {
  const config = await configOf([
    { name: "blue", address: "10.0.0.12:8080" },
    { name: "green", address: "10.0.0.13:8080", weight: 9 },
  ]);
  expect(config).toMatch(/server blue 10\.0\.0\.12:8080 weight 1 check /);
  expect(config).toMatch(/server green 10\.0\.0\.13:8080 weight 9 check /);
});

test("it listens on the lab network, and its Runtime API on loopback", async () => {
  const config = await configOf([{ name: "blue", address: "10.0.0.12:8080" }], 8000);
  const listening = [...config.matchAll(/^ +(?:bind|stats socket) (\S+)/gm)].map(([, address]) => address);
  expect(listening.sort()).toEqual(["/run/haproxy.sock", "10.0.0.11:8000", "10.0.0.11:8404", "ipv4@127.0.0.1:9999"]);
});

test("weights are a setting that it reads while it runs", async () => {
  const { declared } = await declareWith([{ name: "blue", address: "10.0.0.12:8080" }]);
  const service = declared.find(({ type }) => type === "drydock:index:HostService");
  expect(service?.inputs).toMatchObject({ reload: "SIGUSR2", files: {} });
});

test("it goes with its host, and says where it answers and what its servers are", async () => {
  const { declared, returned } = await declareWith([{ name: "blue", address: "10.0.0.12:8080" }]);
  expect(declared.find(({ type }) => type === "drydock:index:HostService")?.deletedWith).toMatch(/Machine::a$/);
  const output = await valueOf(returned.output);
  expect(componentOutput.parse(output)).toEqual(output);
  expect(output).toMatchObject({ address: "http://10.0.0.11", page: "http://10.0.0.11:8404" });
});

test.each<[string, Server[]]>([
  ["servers is empty; at least one is needed", []],
  [
    "the server blue stands in servers twice",
    [
      { name: "blue", address: "10.0.0.12:80" },
      { name: "blue", address: "10.0.0.13:80" },
    ],
  ],
  ['a server is named "Blue one"; allowed are', [{ name: "Blue one", address: "10.0.0.12:80" }]],
  ["the weight of blue is 257; allowed are 0 to 256", [{ name: "blue", address: "10.0.0.12:80", weight: 257 }]],
  ["the weight of blue is 0.5; allowed are 0 to 256", [{ name: "blue", address: "10.0.0.12:80", weight: 0.5 }]],
])("%s", async (message, servers) => {
  await expect(declareWith(servers)).rejects.toThrow(`LoadBalancer front: ${message}`);
});
