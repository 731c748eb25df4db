import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TracingStack } from "../../../components/tracing/tracingStack.ts";
import { waitFor } from "../../../engine/wait.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive } from "./liveProgram.ts";

let lab: TestLab;
let host: TestHost;
let stack: TracingStack;

beforeAll(async () => {
  const up = await liveHosts("tracing", ["store"], ["jaeger", "otel-collector"]);
  lab = up.lab;
  const [store] = up.hosts;
  host = store.test;
  stack = (await makeLive(() => new TracingStack("traces", { plan: lab.plan, store: store.labHost() }))).returned;
});

afterAll(() => lab.remove());

/** Sends one span by OTLP as JSON; its trace id. */
async function sendSpan(): Promise<string> {
  const traceId = randomBytes(16).toString("hex");
  const now = Date.now();
  const span = {
    traceId,
    spanId: randomBytes(8).toString("hex"),
    name: "work",
    kind: 2,
    startTimeUnixNano: `${now}000000`,
    endTimeUnixNano: `${now + 5}000000`,
  };
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "tester" } }] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  const json = "--header 'Content-Type: application/json'";
  await host.run(`curl -fsS --max-time 5 ${json} --data '${body}' ${stack.endpoint}/v1/traces`);
  return traceId;
}

const untilKept = (traceId: string) =>
  waitFor<string>({
    what: `trace ${traceId} to be in Jaeger`,
    deadlineMs: 60_000,
    look: async () => {
      const answer = await host.run(`curl -sS --max-time 5 ${stack.url}/api/traces/${traceId}`);
      return answer.includes(`"operationName":"work"`) ? { value: answer } : { waiting: answer.slice(0, 200) };
    },
  });

test("a span that was sent is found by its trace id", async () => {
  expect(await untilKept(await sendSpan())).toContain('"serviceName":"tester"');
});

test("spans that came while Jaeger was dead are there when it is back, though the collector was killed as well", async () => {
  await host.run("docker kill jaeger");
  const sent = await Promise.all([sendSpan(), sendSpan(), sendSpan()]);
  await host.run("docker kill trace-collector");
  await host.run("docker start jaeger trace-collector");
  for (const traceId of sent) await untilKept(traceId);
});
