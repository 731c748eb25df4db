import { afterAll, beforeAll, expect, test } from "vitest";
import type { Server } from "../../../components/loadBalancer/haproxyConfig.ts";
import { LoadBalancer } from "../../../components/loadBalancer/loadBalancer.ts";
import { waitFor } from "../../../engine/wait.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { ask, declareAnew, ports, startBlueAndGreen } from "./blueAndGreen.ts";
import { liveHosts, type LiveHost } from "./liveHosts.ts";
import { makeLive, type LiveResource } from "./liveProgram.ts";

let lab: TestLab;
let keeper: LiveHost;
/** Has the load balancer, and two web servers behind it. */
let host: TestHost;
let service: LiveResource;
let url: string;
let probe: string;

const servers = (blue: number, green: number): Server[] => [
  { name: "blue", address: `127.0.0.1:${ports.blue}`, weight: blue },
  { name: "green", address: `127.0.0.1:${ports.green}`, weight: green },
];
const declareWith = (blue: number, green: number) =>
  new LoadBalancer("front", { plan: lab.plan, host: keeper.labHost(), servers: servers(blue, green) });

beforeAll(async () => {
  const up = await liveHosts("balancer", ["lb"], ["haproxy", "nginx"]);
  lab = up.lab;
  [keeper] = up.hosts;
  host = keeper.test;
  const { made, returned } = await makeLive(() => declareWith(1, 1));
  const found = made.get("front");
  if (!found) throw new Error("the load balancer made no service");
  service = found;
  ({ url } = returned);
  ({ probe } = await valueOf(returned.output));
  await startBlueAndGreen(host);
  await untilHealthy();
});

afterAll(() => lab.remove());

/** Waits until both servers have passed their checks. */
const untilHealthy = () =>
  waitFor<true>({
    what: "both servers to be up",
    deadlineMs: 30_000,
    look: async () => {
      const up = await host.run(`curl -s --max-time 5 '${url}:8404/;csv' | grep -c '^servers,.*,UP,.*,L7OK,' || true`);
      return up === "2" ? { value: true } : { waiting: `${up} of 2 are up` };
    },
  });

const reweigh = (blue: number, green: number) => declareAnew(service, () => declareWith(blue, green));
const containerId = () => host.run("docker inspect --format '{{.Id}} {{.State.StartedAt}}' load-balancer");

test("requests go to both servers by turns", async () => {
  expect(await ask(host, url, 20)).toEqual({ blue: 10, green: 10 });
});

test("new weights are taken over while requests are under way: none fails, and nothing is started anew", async () => {
  const before = await containerId();
  const load = ask(host, url, 600);
  await reweigh(9, 1);
  expect(Object.keys(await load).sort()).toEqual(["blue", "green"]);
  await untilHealthy();
  expect(await ask(host, url, 100)).toEqual({ blue: 90, green: 10 });
  expect(await containerId()).toBe(before);
});

test("one that is gone is not called well", async () => {
  await host.run(probe);
  await host.run("docker stop load-balancer");
  await expect(host.run(probe)).rejects.toThrow("its container load-balancer is exited");
  await host.run("docker start load-balancer");
  await untilHealthy();
});

test("a server that died is left out, and named", async () => {
  await host.run("docker kill green");
  const said = await waitFor<string>({
    what: "word that green is down",
    deadlineMs: 20_000,
    look: () =>
      host.run(probe).then(
        () => ({ waiting: "all are up" }),
        (error: unknown) => ({ value: String(error) }),
      ),
  });
  expect(said).toMatch(/green is DOWN \(L4CON\)/);
  expect(await ask(host, url, 20)).toEqual({ blue: 20 });
});
