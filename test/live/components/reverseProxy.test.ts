import { afterAll, beforeAll, expect, test } from "vitest";
import { ReverseProxy } from "../../../components/reverseProxy/reverseProxy.ts";
import { waitFor } from "../../../engine/wait.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { ask, declareAnew, ports, startBlueAndGreen } from "./blueAndGreen.ts";
import { liveHosts, type LiveHost } from "./liveHosts.ts";
import { makeLive, type LiveResource } from "./liveProgram.ts";

let lab: TestLab;
let keeper: LiveHost;
/** Has the proxy, and two web servers behind it. */
let host: TestHost;
let service: LiveResource;
let url: string;
let probe: string;

const declareWith = (blue: number, green: number) => {
  const versions = [
    { name: "blue", address: `127.0.0.1:${ports.blue}`, weight: blue },
    { name: "green", address: `127.0.0.1:${ports.green}`, weight: green },
  ];
  return new ReverseProxy("front", { plan: lab.plan, host: keeper.labHost(), routes: [{ name: "shop", versions }] });
};

beforeAll(async () => {
  const up = await liveHosts("proxy", ["edge"], ["traefik", "nginx"]);
  lab = up.lab;
  [keeper] = up.hosts;
  host = keeper.test;
  const { made, returned } = await makeLive(() => declareWith(1, 1));
  const found = made.get("front");
  if (!found) throw new Error("the proxy made no service");
  service = found;
  ({ url } = returned);
  ({ probe } = await valueOf(returned.output));
  await startBlueAndGreen(host);
  await until("both versions to answer", async () => (await ask(host, url, 2)).failed === undefined);
});

afterAll(() => lab.remove());

const until = (what: string, look: () => Promise<boolean>) =>
  waitFor<true>({
    what,
    deadlineMs: 30_000,
    look: async () => ((await look()) ? { value: true } : { waiting: "not yet" }),
  });

const reweigh = (blue: number, green: number) => declareAnew(service, () => declareWith(blue, green));
const containerId = () => host.run("docker inspect --format '{{.Id}} {{.State.StartedAt}}' reverse-proxy");
const allBlue = async () => (await ask(host, url, 10)).green === undefined;

test("requests go to both versions by turns", async () => {
  expect(await ask(host, url, 20)).toEqual({ blue: 10, green: 10 });
});

test("new weights are taken over while requests are under way: none fails, and nothing is started anew", async () => {
  const before = await containerId();
  const load = ask(host, url, 600);
  await reweigh(9, 1);
  expect(Object.keys(await load).sort()).toEqual(["blue", "green"]);
  expect(await ask(host, url, 100)).toEqual({ blue: 90, green: 10 });
  await reweigh(1, 0);
  await until("blue to answer alone", allBlue);
  expect(await containerId()).toBe(before);
});

test("what is edited on the host is taken over on a signal, and nonsense changes nothing", async () => {
  const hup = "docker kill --signal HUP reverse-proxy";
  await host.run(`sed -i '/name: green/{n;s/weight: .*/weight: 1/}' /root/front/routes.yml && ${hup}`);
  await until("green to answer", async () => !(await allBlue()));
  await host.run(`echo 'http: {' > /root/front/nonsense.yml && ${hup}`);
  await until("word of the nonsense", async () =>
    (await host.run("docker logs reverse-proxy 2>&1")).includes("Error while building configuration"),
  );
  expect(await ask(host, url, 20)).toEqual({ blue: 10, green: 10 });
  await host.run("rm /root/front/nonsense.yml");
});

test("its API answers on the host, and not from outside", async () => {
  const services = await host.run("curl -sf http://127.0.0.1:8090/api/http/services");
  expect(services).toContain('"name":"green@file"');
  await expect(host.run(`curl -s --max-time 3 ${url}:8090/api/http/services`)).rejects.toThrow();
});

test("a version that died is left out, and named", async () => {
  await host.run(probe);
  await host.run("docker kill green");
  await until("word that green is down", () =>
    host.run(probe).then(
      () => false,
      (error: unknown) => String(error).includes("no longer answers: green"),
    ),
  );
  expect(await ask(host, url, 20)).toEqual({ blue: 20 });
});

test("one that is gone is not called well", async () => {
  await host.run("docker stop reverse-proxy");
  await expect(host.run(probe)).rejects.toThrow("its container reverse-proxy is exited");
});
