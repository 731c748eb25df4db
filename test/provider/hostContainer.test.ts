import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import type { ContainerCreateOptions } from "dockerode";
import { extract } from "tar-stream";
import { expect, test } from "vitest";
import { hostContainer, type HostContainerInputs } from "../../provider/resources/hostContainer.ts";
import { fakeEngine, type Answer, type EngineRequest, type FakeEngine } from "../engine/fakeEngine.ts";
import { hostInputs } from "./hostInputs.ts";

/** On the network that hosts of these tests are on. */
const attached = { NetworkSettings: { Networks: { "drydock-dev": { NetworkID: "n1" } } } };

/** The container of that name, or none, as an engine that takes every order has it. */
function engineWith(found?: object, special: (request: EngineRequest) => Answer | undefined = () => undefined) {
  return fakeEngine((request) => {
    const answer = special(request);
    if (answer) return answer;
    const { route } = request;
    if (route === "GET /containers/new/json")
      return { status: 200, json: { ...attached, Id: "new", State: { Running: false } } };
    if (route.startsWith("GET /containers/"))
      return found ? { status: 200, json: { ...attached, ...found } } : { status: 404 };
    if (route.startsWith("GET /volumes/")) return { status: 200, json: {} };
    if (route === "POST /containers/create") return { status: 201, json: { Id: "new" } };
    return { status: /^PUT |\/(update|connect)$/.test(route) ? 200 : 204, json: {} };
  });
}

const routesOf = ({ requests }: FakeEngine) =>
  requests.map(({ route }) => route).filter((route) => !route.startsWith("GET "));

async function created(
  inputs: Partial<HostContainerInputs> = {},
): Promise<{ engine: FakeEngine; options: ContainerCreateOptions }> {
  const engine = await engineWith();
  await hostContainer.create(hostInputs({ engineUrl: engine.url, ...inputs }));
  const request = engine.requests.find(({ route }) => route === "POST /containers/create");
  const options = JSON.parse(request?.body.toString() ?? "{}") as ContainerCreateOptions;
  return { engine, options: { ...options, name: request?.query.get("name") ?? "" } };
}

test("a host has the privileges that its engine needs, and none beyond", async () => {
  const { HostConfig: config } = (await created()).options;

  expect(config?.CapDrop).toEqual(["ALL"]);
  expect((config?.CapAdd as string[]).toSorted()).toEqual([
    "AUDIT_CONTROL",
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LINUX_IMMUTABLE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_CHROOT",
    "SYS_NICE",
    "SYS_PTRACE",
  ]);
  expect(config?.Privileged ?? false).toBe(false);
  // Without "label=disable" an engine with SELinux lets a host mount nothing.
  expect(config?.SecurityOpt).toEqual(["seccomp=unconfined", "apparmor=unconfined", "label=disable"]);
  for (const mode of [config?.PidMode, config?.IpcMode, config?.UTSMode, config?.UsernsMode])
    expect(mode ?? "").toBe("");
  expect(config?.Devices ?? []).toEqual([]);
});

test("a virtual machine's container may have a bridge, a tap and KVM, and nothing else", async () => {
  const { HostConfig: config } = (await created({ kind: "vm" })).options;

  expect(config?.CapDrop).toEqual(["ALL"]);
  expect(config?.CapAdd).toEqual(["NET_ADMIN", "MKNOD"]);
  expect(config?.DeviceCgroupRules).toEqual(["c 10:232 rwm", "c 10:200 rwm"]);
  // With devices it would not start where one is missing; confinement is the engine's default.
  for (const key of ["Devices", "Privileged", "SecurityOpt", "MaskedPaths", "ReadonlyPaths"])
    expect(config).not.toHaveProperty(key);
  expect(config?.Binds).toEqual([
    "drydock-dev-a-docker:/var/lib/drydock/docker",
    "layers-1:/var/lib/drydock/layers:ro",
  ]);
});

test("nothing of the machine's file system is in a host but its own volume and the shared layers, which it cannot write", async () => {
  const { HostConfig: config } = (await created()).options;

  expect(config?.Binds).toEqual(["drydock-dev-a-docker:/var/lib/docker", "layers-1:/var/lib/drydock/layers:ro"]);
  expect(config?.Mounts ?? []).toEqual([]);
  expect(config?.VolumesFrom ?? []).toEqual([]);
});

test("sshd is all that the machine sees of a host, on loopback only", async () => {
  const { HostConfig: config, ExposedPorts: exposed } = (await created()).options;

  expect(config?.PortBindings).toEqual({ "22/tcp": [{ HostIp: "127.0.0.1", HostPort: "20001" }] });
  expect(config?.PublishAllPorts ?? false).toBe(false);
  expect(exposed).toEqual({ "22/tcp": {} });
});

test("a host has its name, network, address, labels and limits", async () => {
  const { options } = await created();

  expect(options).toMatchObject({
    name: "drydock-dev-a",
    Hostname: "a",
    Image: "host:1",
    Labels: hostInputs().labels,
    HostConfig: { NetworkMode: "drydock-dev", Memory: 2 ** 29, MemorySwap: 2 ** 29, NanoCpus: 1.5e9, PidsLimit: 999 },
    NetworkingConfig: { EndpointsConfig: { "drydock-dev": { IPAMConfig: { IPv4Address: "10.64.0.11" } } } },
  });
  expect(JSON.stringify(options)).not.toContain("secret key");
});

test("a host has its files, private, before it starts", async () => {
  const { engine } = await created();

  expect(routesOf(engine)).toEqual([
    "POST /containers/create",
    "PUT /containers/new/archive",
    "POST /containers/new/start",
  ]);
  const archive = engine.requests.find(({ route }) => route.startsWith("PUT"));
  expect(archive?.query.get("path")).toBe("/");
  const files = [];
  for await (const entry of Readable.from([archive?.body]).pipe(extract())) {
    const { name, mode, uid } = entry.header;
    files.push([name, mode, uid, await text(entry)]);
  }
  expect(files).toEqual([
    ["etc/drydock/key", 0o600, 0, "secret key"],
    ["etc/docker/daemon.json", 0o600, 0, "{}"],
  ]);
});

/** The container that `create` makes of these inputs. */
async function leftBehind(state: object, inputs = hostInputs()) {
  const { options } = await created();
  const { Labels: labels } = options;
  const StartedAt = "2026-01-01T00:00:00Z";
  return {
    Id: "old",
    Config: { Labels: { ...labels, ...inputs.labels }, Image: "host:1" },
    State: { StartedAt, ...state },
  };
}

test.each([
  ["runs", { Running: true }, []],
  ["has stopped", { Running: false }, ["POST /containers/old/start"]],
  ["is paused", { Running: true, Paused: true }, ["POST /containers/old/unpause"]],
])("a container of ours that an interrupted run left is taken over: one that %s", async (_, state, started) => {
  const engine = await engineWith(await leftBehind(state));

  const { id, outputs } = await hostContainer.create(hostInputs({ engineUrl: engine.url, memoryMib: 1024 }));

  expect(id).toBe("old");
  expect(outputs).toEqual({ containerId: "old", running: true });
  expect(routesOf(engine)).toEqual(["POST /containers/old/update", ...started]);
  const update = engine.requests.find(({ route }) => route.endsWith("/update"));
  expect(JSON.parse(update?.body.toString() ?? "")).toMatchObject({ Memory: 2 ** 30 });
});

test.each([
  ["was never started, so that its files may be missing", { StartedAt: "0001-01-01T00:00:00Z" }, {}],
  ["was made from another image", { Running: true }, { image: "host:2" }],
  ["is on a network that is no more", { Running: true }, { networkId: "n2" }],
])("a container of ours is made anew when it %s", async (_, state, inputs) => {
  const engine = await engineWith(await leftBehind(state));

  const { id } = await hostContainer.create(hostInputs({ engineUrl: engine.url, ...inputs }));

  expect(id).toBe("new");
  expect(routesOf(engine).slice(0, 2)).toEqual(["DELETE /containers/old", "POST /containers/create"]);
});

test.each([
  ["another home", { "drydock.home": "box:/other" }, "box:/other"],
  ["another stack", { "drydock.stack": "other" }, "box:/home"],
])("a name that %s holds is refused, and the holder named", async (_, labels, holder) => {
  const others = await leftBehind({ Running: true }, hostInputs({ labels: { ...hostInputs().labels, ...labels } }));
  const engine = await engineWith(others);

  await expect(hostContainer.create(hostInputs({ engineUrl: engine.url }))).rejects.toThrow(
    new RegExp(`^The container name drydock-dev-a is taken\\n.*its holder: ${holder}`),
  );
  expect(routesOf(engine)).toEqual([]);
});

test("a name that a stranger holds is refused", async () => {
  const engine = await engineWith({ Id: "x", Config: { Labels: {}, Image: "postgres:17" }, State: {} });

  await expect(hostContainer.create(hostInputs({ engineUrl: engine.url }))).rejects.toThrow(
    "its holder: not Drydock, image postgres:17",
  );
  expect(routesOf(engine)).toEqual([]);
});

test.each([
  ["container", []],
  ["vm", ["POST /containers/old/restart"]],
] as const)("a %s that was taken off its network gets back to it", async (kind, restarted) => {
  const engine = await engineWith({ Id: "old", State: { Running: true }, NetworkSettings: { Networks: {} } });
  const inputs = hostInputs({ engineUrl: engine.url, kind });

  await hostContainer.update?.("old", { ...inputs, containerId: "old", running: false }, inputs);

  expect(routesOf(engine)).toEqual(["POST /containers/old/update", "POST /networks/drydock-dev/connect", ...restarted]);
});

test.each([
  [{ Running: true, Paused: false }, true],
  [{ Running: true, Paused: true }, false],
  [{ Running: false, Paused: false }, false],
])("read sees %o as running: %s", async (state, running) => {
  const engine = await engineWith({ Id: "old", State: state });
  const before = { ...hostInputs({ engineUrl: engine.url }), containerId: "old", running: true };

  expect(await hostContainer.read?.("old", before)).toEqual({ containerId: "old", running });
});

test("read sees a container that is gone", async () => {
  const engine = await engineWith();
  const before = { ...hostInputs({ engineUrl: engine.url }), containerId: "old", running: true };

  expect(await hostContainer.read?.("old", before)).toBeUndefined();
});

test.each([
  ["is gone already", { "DELETE /containers/old": 404 }],
  ["goes just now, and is waited for", { "DELETE /containers/old": 409, "POST /containers/old/wait": 200 }],
  ["went before it could be waited for", { "DELETE /containers/old": 409, "POST /containers/old/wait": 404 }],
])("deleting a container that %s is fine", async (_, statuses: Record<string, number>) => {
  const engine = await engineWith(undefined, ({ route }) => {
    const status = statuses[route];
    return status === undefined ? undefined : { status, json: { StatusCode: 0 } };
  });
  const before = { ...hostInputs({ engineUrl: engine.url }), containerId: "old", running: true };

  await hostContainer.delete?.("old", before);

  expect(routesOf(engine)).toEqual(Object.keys(statuses));
});

test("an engine that cannot delete a container says why", async () => {
  const engine = await engineWith(undefined, () => ({ status: 500, json: { message: "device or resource busy" } }));
  const before = { ...hostInputs({ engineUrl: engine.url }), containerId: "old", running: true };

  await expect(hostContainer.delete?.("old", before)).rejects.toThrow("device or resource busy");
});

test("refuses to make a host whose layer store is gone, which the engine would replace by an empty volume", async () => {
  const engine = await engineWith(undefined, ({ route }) =>
    route.startsWith("GET /volumes/") ? { status: 404 } : undefined,
  );
  const inputs = hostInputs({ engineUrl: engine.url, layersVolume: "drydock-layers-0" });
  await expect(hostContainer.create(inputs)).rejects.toThrow(/layer store drydock-layers-0 is gone[\s\S]*drydock up/);
  expect(routesOf(engine)).toEqual([]);
});
