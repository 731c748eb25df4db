import { afterAll, beforeAll, expect, test } from "vitest";
import { LoggingStack } from "../../../components/logging/loggingStack.ts";
import { waitFor } from "../../../engine/wait.ts";
import { queries } from "../../components/logging/dashboardQueries.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive } from "./liveProgram.ts";

let lab: TestLab;
/** Has Loki. */
let store: TestHost;
/** Has the containers that log. */
let app: TestHost;
let url: string;

beforeAll(async () => {
  const up = await liveHosts("logging", ["store", "app"], ["busybox", "loki", "otel-collector"]);
  lab = up.lab;
  const [keeper, other] = up.hosts;
  [store, app] = [keeper.test, other.test];
  const { returned } = await makeLive(() => {
    const [storeHost, appHost] = [keeper.labHost(), other.labHost()];
    return new LoggingStack("logs", { plan: lab.plan, hosts: [storeHost, appHost], store: storeHost });
  });
  ({ url } = returned);
});

afterAll(() => lab.remove());

interface Answer<T> {
  data: { result: T[] };
}

async function ask<T>(path: string, parameters: Record<string, string>): Promise<T[]> {
  const data = Object.entries(parameters).map(([name, value]) => `--data-urlencode '${name}=${value}'`);
  const answer = await store.run(`curl -fsSG --max-time 30 ${url}/loki/api/v1/${path} ${data.join(" ")}`);
  return (JSON.parse(answer) as Answer<T>).data.result;
}

/** How many lines Loki has of a container. */
async function stored(container: string): Promise<number> {
  const query = `sum(count_over_time({service="${container}"}[1h]))`;
  const [sum] = await ask<{ value: [number, string] }>("query", { query });
  return Number(sum?.value[1] ?? 0);
}

/** The different numbers that a container's lines begin with, up to 5,000 of them. */
async function numbers(container: string): Promise<Set<number>> {
  const parameters = { query: `{service="${container}"}`, since: "1h", limit: "5000" };
  const streams = await ask<{ values: [string, string][] }>("query_range", parameters);
  return new Set(streams.flatMap(({ values }) => values.map(([, line]) => Number(line.split(" ")[0]))));
}

/** What a host's collector counts, summed. */
async function metric(host: TestHost, name: string): Promise<number> {
  const text = await host.run("curl -fsS http://127.0.0.1:8888/metrics");
  const values = text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_total{`));
  return values.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

const untilStored = (container: string, wanted: number, deadlineSec: number) =>
  waitFor<number>({
    what: `${wanted} lines of ${container} in Loki`,
    deadlineMs: deadlineSec * 1_000,
    everyMs: 1_000,
    look: async () => {
      const lines = await stored(container);
      return lines >= wanted ? { value: lines } : { waiting: `it has ${lines}` };
    },
  });

async function startLoki(): Promise<void> {
  await store.run("docker start loki");
  await store.run(`timeout 25 sh -c 'until curl -fsS -o /dev/null ${url}/ready; do sleep 0.2; done'`);
}

test("with Loki killed for a minute nothing is lost, and the container does not notice", async () => {
  const lines = 4_500;
  await app.run(
    `docker run --detach --name steady --label com.docker.swarm.service.name=steady \
      --label com.docker.swarm.task.name=steady.1.x busybox sh -c 'for i in $(seq ${lines}); do echo "$i tick"; usleep 20000; done'`,
  );
  await untilStored("steady", 200, 60);
  await store.run("docker kill loki");
  const back = performance.now() + 60_000;
  await waitFor<true>({
    what: "a minute without Loki, while the queue grows",
    deadlineMs: 90_000,
    everyMs: 1_000,
    look: async () => {
      const waiting = await metric(app, "otelcol_exporter_queue_size");
      return waiting > 1_000 && performance.now() > back ? { value: true } : { waiting: `${waiting} lines wait` };
    },
  });
  await startLoki();
  await untilStored("steady", lines, 120);
  expect(await app.run("docker inspect --format '{{.State.ExitCode}}' steady")).toBe("0");
  expect((await numbers("steady")).size).toBe(lines);
});

test.each(queries)("the dashboard's %s answers", async (_title, query) => {
  expect(await ask("query_range", { query, since: "1h", limit: "10" })).not.toEqual([]);
});

test("a collector killed while Loki is away loses nothing that it had taken", async () => {
  const lines = 1_000;
  await store.run("docker kill loki");
  await app.run(`docker run --name brief busybox seq ${lines}`);
  await waitFor<true>({
    what: "the collector to have taken the lines",
    deadlineMs: 30_000,
    look: async () => {
      const waiting = await metric(app, "otelcol_exporter_queue_size");
      return waiting >= lines ? { value: true } : { waiting: `${waiting} lines wait` };
    },
  });
  await app.run("docker kill log-collector && docker rm brief");
  await app.run("docker start log-collector");
  await startLoki();
  await untilStored("brief", lines, 60);
  expect((await numbers("brief")).size).toBe(lines);
});

test("10,000 lines a second for a minute all arrive, and a container in non-blocking mode does not stall", async () => {
  const perSecond = 10_000;
  const seconds = 60;
  const lines = perSecond * seconds;
  const accepted = await metric(app, "otelcol_receiver_accepted_log_records");
  const sent = await metric(app, "otelcol_exporter_sent_log_records");
  const flood = `
    now() { cut -d . -f 1 /proc/uptime; }
    begun=$(now)
    for second in $(seq ${seconds}); do
      for part in 0 1 2 3 4 5 6 7 8 9; do
        awk -v from=$(((second - 1) * ${perSecond} + part * ${perSecond / 10})) "BEGIN {
          for (i = from + 1; i <= from + ${perSecond / 10}; i++) print i, \\"a line of a hundred bytes, as an ordinary access log of a web server has them, give or take\\" }"
      done
      while [ $(($(now) - begun)) -lt $second ]; do usleep 20000; done
    done
    echo $(($(now) - begun)) > /written
    exec sleep 1000`;
  await app.run(`cat > /root/flood.sh <<'EOF'\n${flood}\nEOF`);
  const begun = performance.now();
  await app.run(
    `docker run --detach --name flood --log-driver fluentd --log-opt fluentd-address=127.0.0.1:24224 \
      --log-opt fluentd-sub-second-precision=true --log-opt mode=non-blocking --log-opt max-buffer-size=16m \
      --volume /root/flood.sh:/flood.sh busybox sh /flood.sh`,
  );
  const took = await waitFor<number>({
    what: "the container to have written all",
    deadlineMs: 120_000,
    everyMs: 1_000,
    look: async () => {
      const written = await app.run("docker exec flood cat /written 2> /dev/null || true");
      return written === "" ? { waiting: "it writes" } : { value: Number(written) };
    },
  });
  expect(took, "seconds that the container took for a minute's lines").toBeLessThanOrEqual(seconds + 2);
  await untilStored("flood", lines, 120);
  const behind = (performance.now() - begun) / 1_000 - took;
  const counts = {
    in: (await metric(app, "otelcol_receiver_accepted_log_records")) - accepted,
    out: (await metric(app, "otelcol_exporter_sent_log_records")) - sent,
    stored: await stored("flood"),
  };
  console.log(`flood: ${JSON.stringify(counts)}, written in ${took} s, all searchable ${behind.toFixed(1)} s later`);
  expect(counts).toEqual({ in: lines, out: lines, stored: lines });
}, 400_000);
