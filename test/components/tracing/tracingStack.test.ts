import { expect, test } from "vitest";
import { parse } from "yaml";
import { TracingStack } from "../../../components/tracing/tracingStack.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf } from "../declare.ts";

const plan = planOf("dev", ["a"]);
const declareStack = (maxTraces?: number) =>
  declare(() => new TracingStack("traces", { plan, store: anyHost("a"), maxTraces }));

interface Service {
  name: string;
  command: string[];
  files: Record<string, string>;
}
async function service(name: string, maxTraces?: number): Promise<Service> {
  const { declared } = await declareStack(maxTraces);
  const found = declared.find(({ inputs }) => inputs.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found.inputs as unknown as Service;
}

interface Collector {
  receivers: { otlp: { protocols: Record<string, { endpoint: string }> } };
  exporters: { otlp_http: { traces_endpoint: string; sending_queue: { storage: string } } };
}
const collector = async () => parse(Object.values((await service("trace-collector")).files).join("")) as Collector;

test("spans are taken on the lab network, and handed to Jaeger on loopback", async () => {
  const { receivers, exporters } = await collector();
  expect(receivers.otlp.protocols).toEqual({
    grpc: { endpoint: "10.0.0.11:4317" },
    http: { endpoint: "10.0.0.11:4318" },
  });
  const { host } = new URL(exporters.otlp_http.traces_endpoint);
  expect((await service("jaeger")).command).toContain(`--collector.otlp.http.host-port=${host}`);
  expect(host).toMatch(/^127\.0\.0\.1:/);
});

test("what Jaeger has not taken waits on the disk", async () => {
  expect((await collector()).exporters.otlp_http.sending_queue.storage).toBe("file_storage");
});

test("of Jaeger the lab network has the page, and nothing else", async () => {
  const { command } = await service("jaeger");
  const listening = command.filter((flag) => flag.includes("host-port=")).map((flag) => flag.split("=")[1]);
  expect(listening.filter((address) => !address?.startsWith("127.0.0.1:"))).toEqual(["10.0.0.11:16686"]);
});

test("ten thousand traces are kept, or as many as was asked", async () => {
  expect((await service("jaeger")).command).toContain("--memory.max-traces=10000");
  expect((await service("jaeger", 50)).command).toContain("--memory.max-traces=50");
  await expect(declareStack(0)).rejects.toThrow("maxTraces is 0; allowed are whole numbers from 1");
});

test("all goes with its host, and the outputs say where each part is", async () => {
  const { declared, returned } = await declareStack();
  for (const { deletedWith } of declared.filter(({ type }) => type === "drydock:index:HostService"))
    expect(deletedWith).toMatch(/Machine::a$/);
  const outputs = await Promise.all(returned.outputs.map(valueOf));
  for (const output of outputs) expect(componentOutput.parse(output)).toEqual(output);
  expect(outputs.map(({ name, page }) => [name, page])).toEqual([
    ["jaeger", "http://10.0.0.11:16686"],
    ["trace-collector", undefined],
  ]);
});
