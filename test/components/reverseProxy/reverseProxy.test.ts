import { expect, test } from "vitest";
import { parse } from "yaml";
import { ReverseProxy } from "../../../components/reverseProxy/reverseProxy.ts";
import type { Route, Version } from "../../../components/reverseProxy/traefikConfig.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf } from "../declare.ts";

const plan = planOf("dev", ["a"]);
const blue: Version = { name: "blue", address: "10.0.0.12:8080", weight: 9 };
const green: Version = { name: "green", address: "10.0.0.13:8080", weight: 1 };
const shop: Route = { name: "shop", versions: [blue, green] };

const declareWith = (routes: Route[], port?: number) =>
  declare(() => new ReverseProxy("front", { plan, host: anyHost("a"), routes, port }));

async function serviceOf(routes: Route[], port?: number) {
  const { declared } = await declareWith(routes, port);
  const found = declared.find(({ type }) => type === "drydock:index:HostService");
  if (!found) throw new Error("no service was declared");
  return found;
}

async function configOf(routes: Route[]): Promise<unknown> {
  const { inputs } = await serviceOf(routes);
  return parse(Object.values(inputs.settings as Record<string, string>).join(""));
}

test("a route's requests go to its versions by weight, each with its health check", async () => {
  expect(await configOf([shop])).toMatchObject({
    http: {
      routers: { shop: { rule: "PathPrefix(`/`)", service: "shop" } },
      services: {
        shop: {
          weighted: {
            services: [
              { name: "blue", weight: 9 },
              { name: "green", weight: 1 },
            ],
          },
        },
        blue: { loadBalancer: { servers: [{ url: "http://10.0.0.12:8080" }], healthCheck: { path: "/" } } },
        green: { loadBalancer: { servers: [{ url: "http://10.0.0.13:8080" }], healthCheck: { path: "/" } } },
      },
    },
  });
});

test("a rule says which requests a route is for", async () => {
  const admin: Route = { name: "admin", rule: "Host(`admin`)", versions: [{ ...blue, name: "one" }] };
  expect(await configOf([shop, admin])).toMatchObject({ http: { routers: { admin: { rule: "Host(`admin`)" } } } });
});

test("it listens on the lab network, and its API on loopback", async () => {
  const { inputs } = await serviceOf([shop], 8000);
  const listening = (inputs.command as string[]).filter((one) => one.startsWith("--entryPoints."));
  expect(listening).toEqual([
    "--entryPoints.web.address=10.0.0.11:8000",
    "--entryPoints.metrics.address=10.0.0.11:8082",
    "--entryPoints.traefik.address=127.0.0.1:8090",
  ]);
});

test("routes are a setting that it reads while it runs", async () => {
  expect((await serviceOf([shop])).inputs).toMatchObject({ reload: "SIGHUP", files: {} });
});

test("it goes with its host, and says where it answers", async () => {
  expect((await serviceOf([shop])).deletedWith).toMatch(/Machine::a$/);
  const { returned } = await declareWith([shop]);
  const output = await valueOf(returned.output);
  expect(componentOutput.parse(output)).toEqual(output);
  expect(output).toMatchObject({ address: "http://10.0.0.11", kind: "reverse proxy" });
});

test.each<[string, Route[]]>([
  ["routes is empty; at least one is needed", []],
  ["the name shop stands in routes twice", [shop, { name: "shop", versions: [] }]],
  ["the name blue stands in routes twice", [shop, { name: "other", versions: [blue] }]],
  ['a route or version is named "Blue one"; allowed', [{ name: "shop", versions: [{ ...blue, name: "Blue one" }] }]],
  ["the weight of blue is -1; allowed", [{ name: "shop", versions: [{ ...blue, weight: -1 }, green] }]],
  ["the weight of blue is 0.5; allowed", [{ name: "shop", versions: [{ ...blue, weight: 0.5 }] }]],
  ["the route shop has no version with a weight above 0", [{ name: "shop", versions: [{ ...blue, weight: 0 }] }]],
  ["the route shop has no version with a weight above 0", [{ name: "shop", versions: [] }]],
])("%s", async (message, routes) => {
  await expect(declareWith(routes)).rejects.toThrow(`ReverseProxy front: ${message}`);
});
