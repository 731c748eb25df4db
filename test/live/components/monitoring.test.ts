import { afterAll, beforeAll, expect, test } from "vitest";
import { MonitoringStack } from "../../../components/monitoring/monitoringStack.ts";
import { waitFor } from "../../../engine/wait.ts";
import { queries } from "../../components/monitoring/dashboardQueries.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive } from "./liveProgram.ts";

let lab: TestLab;
/** Has Prometheus. */
let store: TestHost;
/** Is scraped. */
let app: TestHost;
let url: string;
/** What says how Prometheus is. */
let probe: string;

beforeAll(async () => {
  const up = await liveHosts(
    "monitoring",
    ["store", "app"],
    ["alertmanager", "busybox", "cadvisor", "nginx", "node-exporter", "prometheus"],
  );
  lab = up.lab;
  const [keeper, other] = up.hosts;
  [store, app] = [keeper.test, other.test];
  const { returned } = await makeLive(() => {
    const [storeHost, appHost] = [keeper.labHost(), other.labHost()];
    return new MonitoringStack("metrics", { plan: lab.plan, hosts: [storeHost, appHost], store: storeHost });
  });
  ({ url } = returned);
  const outputs = await Promise.all(returned.outputs.map(valueOf));
  probe = outputs.find(({ name }) => name === "prometheus")?.probe ?? "";
  await app.run("docker run --detach --name idle busybox sleep 1000000");
});

afterAll(() => lab.remove());

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

async function ask(query: string): Promise<Sample[]> {
  const data = `--data-urlencode 'query=${query}'`;
  const answer = await store.run(`curl -fsSG --max-time 20 ${url}/api/v1/query ${data}`);
  return (JSON.parse(answer) as { data: { result: Sample[] } }).data.result;
}

/** The first answer to the query that has something. */
const untilAnswered = (query: string, deadlineSec: number) =>
  waitFor<Sample[]>({
    what: `an answer to ${query}`,
    deadlineMs: deadlineSec * 1_000,
    everyMs: 1_000,
    look: async () => {
      const found = await ask(query);
      return found.length > 0 ? { value: found } : { waiting: "nothing yet" };
    },
  });

const receiver = () => store.run("docker logs alert-receiver");

test("a container of another host is measured, under its host and name", async () => {
  const [found] = await untilAnswered('container_memory_working_set_bytes{service="idle"}', 60);
  expect(found?.metric).toMatchObject({ host: "app", job: "containers" });
  expect(Number(found?.value[1])).toBeGreaterThan(0);
});

test.each(queries)("the dashboard's %s answers", async (_title, query) => {
  expect(await untilAnswered(query, 60)).not.toEqual([]);
});

test("of an engine the lab network has the metrics, and nothing else", async () => {
  const [found] = await untilAnswered('engine_daemon_container_states_containers{state="running", host="app"}', 60);
  expect(Number(found?.value[1])).toBeGreaterThan(0);
  const other = `curl -sS -o /dev/null -w '%{http_code}' http://${app.inputs.address}:9323/debug/pprof/`;
  expect(await store.run(other)).toBe("404");
});

test("an exporter that died is named, raises an alarm, and clears it when it is back", async () => {
  await app.run("docker stop cadvisor");
  await untilAnswered('ALERTS{alertname="TargetGone", alertstate="firing", host="app", job="containers"}', 60);
  await expect(store.run(probe)).rejects.toThrow("it cannot scrape containers on app");
  await app.run("docker start cadvisor");
  const told = await waitFor<string>({
    what: "word that TargetGone has cleared",
    deadlineMs: 90_000,
    everyMs: 1_000,
    look: async () => {
      const log = await receiver();
      return /"status":"resolved".*TargetGone/.test(log) ? { value: log } : { waiting: "the receiver has none" };
    },
  });
  expect(told).toMatch(/"status":"firing".*TargetGone.*"host":"app"/);
});

test("Prometheus killed and back has what it had, and a gap for the time it was away", async () => {
  const since = Number((await ask('count_over_time(up{host="app", job="node"}[1h])'))[0]?.value[1]);
  await store.run("docker kill prometheus");
  await expect(store.run(probe)).rejects.toThrow();
  await store.run("docker start prometheus");
  await store.run(`timeout 60 sh -c 'until curl -fsS -o /dev/null ${url}/-/ready; do sleep 0.2; done'`);
  const [now] = await ask('count_over_time(up{host="app", job="node"}[1h])');
  expect(Number(now?.value[1])).toBeGreaterThanOrEqual(since);
});
