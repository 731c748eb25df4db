import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { PrivateRegistry, type PrivateRegistryArgs } from "../../../components/registry/privateRegistry.ts";
import { PullThroughCache, type PullThroughCacheArgs } from "../../../components/registry/pullThroughCache.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import { SwarmCluster } from "../../../components/swarmCluster.ts";
import { componentOutput } from "../../../stacks/outputs.ts";
import { isSwept } from "../../../stacks/swept.ts";
import { planOf } from "../../stacks/arbitraries.ts";
import { anyHost } from "../anyHost.ts";
import { canary, declare, plainTexts, valueOf, type Declared } from "../declare.ts";

const plan = planOf("dev", ["a", "b"]);
const builder = { name: "builder", rights: "push" } as const;
const reader = { name: "reader", rights: "pull" } as const;
const accounts = [builder, reader];

/** A registry on host a that host b trusts, and a cache of it on host b. */
const declareBoth = (
  changes: { registry?: Partial<PrivateRegistryArgs>; cache?: Partial<PullThroughCacheArgs> } = {},
) =>
  declare(() => {
    const [a, b] = [anyHost("a"), anyHost("b")];
    const authority = new StackAuthority("authority");
    const hub = new PrivateRegistry("hub", {
      plan,
      host: a,
      authority,
      accounts,
      trustedBy: [a, b],
      ...changes.registry,
    });
    const upstream = {
      url: `https://${hub.address}`,
      account: { name: "reader", password: hub.passwords.reader ?? "" },
      certificate: authority.certificate,
    };
    const cache = new PullThroughCache("cache", {
      plan,
      host: b,
      authority,
      upstream,
      trustedBy: [a],
      ...changes.cache,
    });
    return { hub, cache };
  });

const named = (declared: Declared[], type: string, name: string) => {
  const found = declared.find((resource) => resource.type === `drydock:index:${type}` && resource.name === name);
  if (!found) throw new Error(`no ${type} ${name}: ${declared.map((resource) => resource.name).join(", ")}`);
  return found;
};
const filesOf = ({ inputs }: Declared) => inputs.files as Record<string, string>;

describe("both", async () => {
  const { declared, returned } = await declareBoth();

  test("every resource has a name of its own and a parent, and its children's names begin with its own", () => {
    const urns = declared.map(({ urn }) => urn);
    expect(urns).toEqual([...new Set(urns)]);
    for (const component of ["hub", "cache"]) {
      const parent = declared.find(({ name, custom }) => name === component && !custom)?.urn;
      const children = declared.filter((resource) => resource.parent === parent);
      expect(children.length).toBeGreaterThan(3);
      for (const { name } of children) expect(name).toMatch(new RegExp(`^${component}(-|$)`));
    }
  });

  test("no key, password or hash is anywhere but under a mark of secrecy", () => {
    expect(JSON.stringify(declared.map(({ raw }) => raw))).toContain(canary);
    for (const { name, raw } of declared) expect(plainTexts(raw).join("\n"), name).not.toContain(canary);
  });

  test("passwords leave the component as secrets", async () => {
    expect(await pulumi.isSecret(returned.hub.passwords.reader ?? pulumi.output(""))).toBe(true);
  });

  test("what is on a host goes with it, the rest is state alone", () => {
    for (const { type, name, deletedWith } of declared.filter(({ custom }) => custom))
      expect(deletedWith !== "" || isSwept(type), name).toBe(true);
  });

  test("the containers carry the stack's labels and the host's", () => {
    const services = declared.filter(({ type }) => type === "drydock:index:HostService");
    expect(services.map(({ name, inputs }) => `${name} on ${String(inputs.host)}`).toSorted()).toEqual([
      "cache on b",
      "hub on a",
      "hub-gate on a",
    ]);
    for (const { inputs } of services) expect(inputs.labels).toEqual({ ...plan.labels, "drydock.host": inputs.host });
  });

  test("the hosts trust the stack's authority for these registries, and no registry is called insecure", () => {
    const trusted = declared.filter(({ name }) => name.includes("-trust-"));
    expect(trusted.map(({ inputs }) => [inputs.host, Object.entries(inputs.files as object)[0]])).toEqual([
      ["a", ["/etc/docker/certs.d/a:5000/ca.crt", { content: "CERTIFICATE-authority", mode: 0o644 }]],
      ["b", ["/etc/docker/certs.d/a:5000/ca.crt", { content: "CERTIFICATE-authority", mode: 0o644 }]],
      ["b", ["/etc/docker/certs.d/b:5000/ca.crt", { content: "CERTIFICATE-authority", mode: 0o644 }]],
      ["a", ["/etc/docker/certs.d/b:5000/ca.crt", { content: "CERTIFICATE-authority", mode: 0o644 }]],
    ]);
    expect(JSON.stringify(declared)).not.toContain("insecure");
  });

  test("their certificates name the host and its address", () => {
    expect(named(declared, "Certificate", "hub-certificate").inputs.names).toEqual(["a", "10.0.0.11"]);
  });

  test("their outputs say what they are, where, and how to ask them, and hold no secret", async () => {
    for (const { output } of [returned.hub, returned.cache]) {
      expect(await pulumi.isSecret(output)).toBe(false);
      expect(componentOutput.parse(await valueOf(output))).toEqual(await valueOf(output));
    }
    expect(await valueOf(returned.cache.output)).toMatchObject({
      name: "cache",
      kind: "pull-through cache",
      host: "b",
      address: "b:5000",
    });
  });

  test("the registry listens on loopback alone, behind the gate, and asks for accounts", () => {
    const files = filesOf(named(declared, "HostService", "hub"));
    expect(files["/etc/docker/registry/config.yml"]).toMatch(/^ {2}addr: 127\.0\.0\.1:5001$/m);
    expect(files["/etc/docker/registry/config.yml"]).toContain("htpasswd: { realm: hub");
    expect(files["/etc/docker/registry/htpasswd"]).toBe(
      `${canary}-hash-of-hub-builder\n${canary}-hash-of-hub-reader\n`,
    );
  });

  test("the gate keeps who may only pull from writing, and nobody else", () => {
    const gate = filesOf(named(declared, "HostService", "hub-gate"))["/etc/nginx/conf.d/default.conf"] ?? "";
    expect(gate).toContain('"~^(POST|PUT|PATCH|DELETE):(reader)$" 1;');
    expect(gate).toContain("listen 5000 ssl;");
  });

  test("the cache asks its upstream by the account it was given, and says so in no log", () => {
    const files = filesOf(named(declared, "HostService", "cache"));
    const config = files["/etc/docker/registry/config.yml"] ?? "";
    expect(config).toContain(`remoteurl: https://reader:${canary}-password-of-hub-reader@a:5000\n`);
    expect(config).toContain("level: warn");
    expect(files["/etc/ssl/certs/drydock-upstream.crt"]).toBe("CERTIFICATE-authority");
  });

  test("the accounts' passwords are on the registry's host, for root alone", () => {
    const files = named(declared, "HostFiles", "hub-files").inputs.files as Record<string, unknown>;
    expect(files["/root/hub/reader.password"]).toEqual({ content: `${canary}-password-of-hub-reader`, mode: 0o600 });
    expect(files["/usr/local/bin/hub-collect"]).toMatchObject({ mode: 0o755 });
  });
});

test("without accounts that may only pull the gate refuses nobody", async () => {
  const { declared } = await declareBoth({
    registry: { accounts: [builder] },
  });
  const gate = filesOf(named(declared, "HostService", "hub-gate"))["/etc/nginx/conf.d/default.conf"];
  expect(gate).not.toContain("POST");
});

test("in a Swarm it is two services of it on that manager, its files the Swarm's secrets", async () => {
  const { declared } = await declare(() => {
    const [a, b] = [anyHost("a"), anyHost("b")];
    const swarm = new SwarmCluster("swarm", { plan, managers: [a], workers: [b] });
    return new PrivateRegistry("hub", { plan, host: a, authority: new StackAuthority("authority"), accounts, swarm });
  });
  expect(declared.some(({ type }) => type === "drydock:index:HostService")).toBe(false);
  const services = declared.filter(({ type }) => type === "drydock:index:SwarmService");
  expect(services.map(({ name }) => name)).toEqual(["hub", "hub-gate"]);
  for (const { inputs, secrets, deletedWith } of services) {
    expect(inputs).toMatchObject({ host: "a", clusterId: "cluster-1" });
    expect(secrets).toContain("files");
    expect(deletedWith).toMatch(/Machine::a$/);
  }
  const files = named(declared, "HostFiles", "hub-files").inputs.files as Record<string, { content: string }>;
  expect(files["/usr/local/bin/hub-collect"]?.content).toContain("in_swarm=true");
});

test("in a Swarm its host is one of the managers", async () => {
  const inSwarm = declare(() => {
    const [a, b] = [anyHost("a"), anyHost("b")];
    const swarm = new SwarmCluster("swarm", { plan, managers: [a], workers: [b] });
    return new PrivateRegistry("hub", { plan, host: b, authority: new StackAuthority("authority"), accounts, swarm });
  });
  await expect(inSwarm).rejects.toThrow(
    "PrivateRegistry hub: host is b, which is no manager of its swarm; allowed are a",
  );
});

test("with admission who may only pull has what is on the list; nobody else is asked", async () => {
  const { declared } = await declareBoth({ registry: { admission: { key: "PUBLIC KEY" } } });
  const gate = named(declared, "HostService", "hub-gate");
  const config = filesOf(gate)["/etc/nginx/conf.d/default.conf"] ?? "";
  expect(config).toContain('"~^(reader):0:/v2/.+/(manifests|blobs)/" 1;');
  expect(gate.inputs.volumes).toEqual({ "/root/hub/admitted": "/etc/nginx/admitted" });
  const files = named(declared, "HostFiles", "hub-files").inputs.files as Record<string, { content: string }>;
  expect(files["/root/hub/admission.pub"]?.content).toBe("PUBLIC KEY");
  expect(files["/usr/local/bin/hub-admit"]?.content).toContain("account=builder puller=reader cosign=cosign:");
});

test("without admission there is no list and no command for it", async () => {
  const { declared } = await declareBoth();
  expect(JSON.stringify(declared.map(({ inputs }) => inputs))).not.toContain("admit");
});

test.each<[string, Parameters<typeof declareBoth>[0]]>([
  [
    'admission is for accounts with the rights "pull"',
    { registry: { accounts: [builder], admission: { key: "PUBLIC KEY" } } },
  ],
  ['accounts has none with the rights "push"', { registry: { accounts: [reader] } }],
  ["the account builder stands in accounts twice", { registry: { accounts: [builder, builder] } }],
  ['received the name "No:Colon"; allowed are', { registry: { accounts: [{ name: "No:Colon", rights: "push" }] } }],
  ["port is 80; allowed are 1024 to 65533", { registry: { port: 80 } }],
  ["port is 65534; allowed are", { cache: { port: 65_534 } }],
  ['upstream.url is "a:5000"; allowed is https://HOST', { cache: { upstream: { url: "a:5000" } } }],
  ["the account apart", { cache: { upstream: { url: "https://me:secret@a:5000" } } }],
])("refused: %s", async (message, changes) => {
  await expect(declareBoth(changes)).rejects.toThrow(message);
});
