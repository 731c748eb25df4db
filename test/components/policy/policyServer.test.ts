import { expect, test } from "vitest";
import { PolicyServer } from "../../../components/policy/policyServer.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { declare, valueOf, type Declared } from "../declare.ts";

const plan = planOf("dev", ["a", "b", "c"]);

const declareFor = (engines: string[]) =>
  declare(() => {
    const hosts = { a: anyHost("a"), b: anyHost("b"), c: anyHost("c") };
    const asking = engines.map((name) => hosts[name as "a" | "b" | "c"]);
    return new PolicyServer("policy", {
      plan,
      host: hosts.a,
      authority: new StackAuthority("authority"),
      engines: asking,
    });
  });

const named = (declared: Declared[], name: string) => {
  const found = declared.find((one) => one.name === name && one.type !== "drydock:index:PolicyServer");
  if (!found) throw new Error(`no ${name}: ${declared.map((resource) => resource.name).join(", ")}`);
  return found;
};
const filesOf = (resource: Declared) => resource.inputs.files as Record<string, unknown>;

test("each engine that may ask learns where and by which CA; no other does", async () => {
  const { declared } = await declareFor(["b", "c"]);
  for (const engine of ["b", "c"]) {
    const plugin = named(declared, `policy-plugin-${engine}`);
    expect(plugin.deletedWith).toMatch(new RegExp(`Machine::${engine}$`));
    const spec = filesOf(plugin)["/etc/docker/plugins/policy.json"] as { content: string };
    expect(JSON.parse(spec.content)).toEqual({
      Name: "policy",
      Addr: "https://a:8182",
      TLSConfig: { InsecureSkipVerify: false, CAFile: "/etc/docker/policy-ca.crt" },
    });
  }
  expect(declared.some(({ name }) => name === "policy-plugin-a")).toBe(false);
});

test("the gate lets engines in by their addresses, and nobody else; OPA is on loopback", async () => {
  const { declared } = await declareFor(["b"]);
  const config = Object.values(filesOf(named(declared, "policy-gate"))).join("\n");
  expect(config).toMatch(/default "";\n {2}10\.0\.0\.\d+ b;\n}/);
  expect(config).toContain("listen 10.0.0.11:8182 ssl;");
  expect(named(declared, "policy").inputs.command).toContain("--addr=127.0.0.1:8181");
});

test("its key is secret, and its policies are a setting", async () => {
  const { declared } = await declareFor(["b"]);
  expect(named(declared, "policy-gate").secrets).toContain("files");
  expect(Object.keys(named(declared, "policy").inputs.settings as object)).toEqual(["/policies/engine.rego"]);
});

test("it says where it answers", async () => {
  const { returned } = await declareFor(["b"]);
  const output = await valueOf(returned.output);
  expect(componentOutput.parse(output)).toEqual(output);
  expect(output).toMatchObject({ kind: "policy server", address: "https://a:8182" });
});

test.each([
  ["engines is empty; at least one is needed", []],
  ["engines has a, its own host, whose engine could not start it again", ["b", "a"]],
])("%s", async (message, engines) => {
  await expect(declareFor(engines)).rejects.toThrow(`PolicyServer policy: ${message}`);
});
