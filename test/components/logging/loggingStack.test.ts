import { expect, test } from "vitest";
import { parse } from "yaml";
import { LoggingStack } from "../../../components/logging/loggingStack.ts";
import { catalogue } from "../../../images/catalogue.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf, type Declared } from "../declare.ts";

const plan = planOf("dev", ["a", "b"]);

const declareStack = (retentionHours?: number) =>
  declare(() => {
    const [a, b] = [anyHost("a"), anyHost("b")];
    return new LoggingStack("logs", { plan, hosts: [a, b], store: a, retentionHours });
  });

interface Service {
  host: string;
  name: string;
  image: string;
  command: string[];
  files: Record<string, string>;
  volumes: Record<string, string>;
}
const services = (declared: Declared[]) =>
  declared.filter(({ type }) => type === "drydock:index:HostService").map(({ inputs }) => inputs as unknown as Service);
const configOf = ({ files }: Service) => parse(Object.values(files)[0] ?? "") as unknown;

test("there is a Loki and a Grafana on the store, and a collector on every host, under names of their own", async () => {
  const { declared } = await declareStack();
  expect(
    services(declared)
      .map(({ host, name }) => `${name} on ${host}`)
      .sort(),
  ).toEqual(["grafana on a", "log-collector on a", "log-collector on b", "loki on a"]);
  const urns = declared.map(({ urn }) => urn);
  expect(urns).toEqual([...new Set(urns)]);
  for (const { name } of declared.filter(({ parent }) => parent.includes("LoggingStack")))
    expect(name).toMatch(/^logs/);
});

test("each reads the configuration that it is given", async () => {
  const { declared } = await declareStack();
  for (const { files, command } of services(declared).filter(({ name }) => name !== "grafana")) {
    const [path = ""] = Object.keys(files);
    expect(command.join(" ")).toMatch(new RegExp(`${path}$`));
  }
});

test("collectors do not wait for Loki, and all goes with its host", async () => {
  const { declared } = await declareStack();
  for (const { dependsOn, deletedWith } of declared.filter(({ type }) => type === "drydock:index:HostService")) {
    expect(dependsOn).toEqual([]);
    expect(deletedWith).toMatch(/Machine::[ab]$/);
  }
});

test("what Loki does not take waits on a volume, and senders wait when that is full", async () => {
  const { declared } = await declareStack();
  for (const collector of services(declared).filter(({ name }) => name === "log-collector")) {
    const { extensions, exporters } = configOf(collector) as {
      extensions: { file_storage: { directory: string } };
      exporters: Record<string, { sending_queue: object; retry_on_failure: object; logs_endpoint: string }>;
    };
    expect(collector.volumes["log-collector"]).toBe(extensions.file_storage.directory);
    expect(exporters.otlp_http).toMatchObject({
      logs_endpoint: "http://10.0.0.11:3100/otlp/v1/logs",
      sending_queue: { storage: "file_storage", block_on_overflow: true },
      retry_on_failure: { enabled: true, max_elapsed_time: "0s" },
    });
  }
});

test("nothing listens on other networks than loopback and the lab's", async () => {
  const { declared } = await declareStack();
  const listening = services(declared).flatMap(({ files }) =>
    [
      ...Object.values(files)
        .join("\n")
        .matchAll(/(?:endpoint|address): "?(\S+?)"?$/gm),
    ].map(([, at = ""]) => at),
  );
  expect(listening.length).toBeGreaterThan(8);
  for (const at of listening) expect(at.replace("http://", "")).toMatch(/^(127\.0\.0\.1|10\.0\.0\.11)\b/);
});

test("logs are kept for three days, or as long as was asked", async () => {
  const retention = async (hours?: number) => {
    const loki = services((await declareStack(hours)).declared).find(({ name }) => name === "loki");
    return loki && (configOf(loki) as { limits_config: { retention_period: string } }).limits_config.retention_period;
  };
  expect(await retention()).toBe("72h");
  expect(await retention(240)).toBe("240h");
  await expect(declareStack(23)).rejects.toThrow("retentionHours is 23; Loki keeps logs for 24 or more");
});

test("the outputs say where each part is, and how to see that it works", async () => {
  const { returned } = await declareStack();
  const outputs = await Promise.all(returned.outputs.map(valueOf));
  for (const output of outputs) expect(componentOutput.parse(output)).toEqual(output);
  expect(outputs.map(({ kind, host }) => `${kind} on ${host}`)).toEqual([
    "log store on a",
    "dashboards on a",
    "log collector on a",
    "log collector on b",
  ]);
});

test("Grafana is left out where its image cannot be had, and says why", async () => {
  const { declared, returned } = await declareStack();
  const optional = declared.filter(({ inputs }) => inputs.optional === true).map(({ inputs }) => inputs.name);
  expect(optional).toEqual(["grafana"]);
  const outputs = await Promise.all(returned.outputs.map(valueOf));
  expect(outputs.find(({ name }) => name === "grafana")?.probe).toContain(`left out: ${catalogue.grafana.noRecipe}`);
});
