import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { gatePaths } from "../../../components/registry/gateConfig.ts";
import { PrivateRegistry } from "../../../components/registry/privateRegistry.ts";
import { PullThroughCache } from "../../../components/registry/pullThroughCache.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import { waitFor } from "../../../engine/wait.ts";
import { sessionTo } from "../../../provider/sessions.ts";
import type { ComponentOutput } from "../../../stacks/outputs.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive, type LiveResource } from "./liveProgram.ts";

/** Seconds that a certificate lives which is to expire during the tests. */
const briefSec = 45;

let lab: TestLab;
let a: TestHost;
let b: TestHost;
let made: Map<string, LiveResource>;
let outputs: Record<"hub" | "cache" | "small" | "brief", ComponentOutput>;

beforeAll(async () => {
  const up = await liveHosts("registries", ["a", "b"], ["busybox", "nginx", "registry"]);
  lab = up.lab;
  const [ofA, ofB] = up.hosts;
  [a, b] = [ofA.test, ofB.test];
  // A volume of that name that is there already is taken: this one is full soon.
  await a.run("docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=16m small");
  const { plan } = lab;
  const live = await makeLive(() => {
    const [hostA, hostB] = [ofA.labHost(), ofB.labHost()];
    const authority = new StackAuthority("authority");
    const common = { plan, host: hostA, authority, trustedBy: [hostB] };
    const builder = { name: "builder", rights: "push" } as const;
    const hub = new PrivateRegistry("hub", { ...common, accounts: [builder, { name: "reader", rights: "pull" }] });
    const small = new PrivateRegistry("small", { ...common, accounts: [builder], port: 5010 });
    const certificateDays = briefSec / 86_400;
    const brief = new PrivateRegistry("brief", { ...common, accounts: [builder], port: 5020, certificateDays });
    const cache = new PullThroughCache("cache", {
      plan,
      host: hostB,
      authority,
      upstream: {
        url: `https://${hub.address}`,
        account: { name: "reader", password: hub.passwords.reader ?? "" },
        certificate: authority.certificate,
      },
      trustedBy: [hostA],
    });
    return { hub, cache, small, brief };
  });
  ({ made } = live);
  const { hub, cache, small, brief } = live.returned;
  outputs = {
    hub: await valueOf(hub.output),
    cache: await valueOf(cache.output),
    small: await valueOf(small.output),
    brief: await valueOf(brief.output),
  };
});

afterAll(() => lab.remove());

/** What a command printed, and how it ended; both streams. */
async function attempt(host: TestHost, command: string) {
  const session = await sessionTo(host.ssh);
  const { code, stdout, stderr } = await session.run(`${command} 2>&1`, { timeoutMs: 120_000 });
  return { code, said: (stdout + stderr).trim() };
}

const probe = ({ host, probe: command }: ComponentOutput) => attempt(lab.host(host), `sh -c '${quoted(command)}'`);
const quoted = (text: string) => text.replaceAll("'", `'\\''`);
const passwordOf = (account: string) => String(made.get(`hub-${account}`)?.state.password);

async function login(host: TestHost, address: string, account: string, password: string) {
  const session = await sessionTo(host.ssh);
  const { code, stderr } = await session.run(`docker login --username ${account} --password-stdin ${address}`, {
    stdin: password,
  });
  return { code, said: stderr };
}

/** Builds an image of so many random megabytes, whose layer no registry has. */
const build = (host: TestHost, name: string, mib: number) =>
  host.run(
    `d=$(mktemp -d) && head -c ${mib}M /dev/urandom > $d/data && printf 'FROM busybox\\nCOPY data /data\\n' > $d/Dockerfile && docker build -q -t ${name} $d && rm -r $d`,
  );

function resource(name: string): LiveResource {
  const found = made.get(name);
  if (!found) throw new Error(`nothing made ${name}, only ${[...made.keys()].join(", ")}`);
  return found;
}

/** Blobs of a registry whose content is not what their names say. */
const corrupt = (host: TestHost, registry: string) =>
  host.run(
    `docker exec ${registry} sh -c 'cd /var/lib/registry/docker/registry/v2/blobs/sha256; for f in */*/data; do [ -e "$f" ] || continue; n=$(basename $(dirname $f)); [ "$n" = "$(sha256sum < $f | cut -d " " -f 1)" ] || echo $n; done'`,
  );

describe("a private registry", () => {
  test("is healthy, and tells nobody anything who has no account", async () => {
    expect(await probe(outputs.hub)).toEqual({ code: 0, said: "" });
    const { said } = await attempt(b, "docker pull a:5000/app:1");
    expect(said).toMatch(/no basic auth credentials|unauthorized/);
  });

  test("refuses a wrong password", async () => {
    expect(await login(b, "a:5000", "builder", "wrong")).toMatchObject({
      code: 1,
      said: expect.stringContaining("401 Unauthorized") as string,
    });
  });

  test("takes an image from who may push, over TLS, and gives it to who may pull", async () => {
    await build(b, "a:5000/app:1", 1);
    expect(await login(b, "a:5000", "builder", passwordOf("builder"))).toMatchObject({ code: 0 });
    expect(await attempt(b, "docker push -q a:5000/app:1")).toMatchObject({ code: 0 });
    await b.run("docker image rm a:5000/app:1");
    expect(await login(b, "a:5000", "reader", passwordOf("reader"))).toMatchObject({ code: 0 });
    expect(await attempt(b, "docker pull -q a:5000/app:1")).toMatchObject({ code: 0 });
  });

  test("says to who may only pull that a push is not theirs", async () => {
    const { code, said } = await attempt(b, "docker tag a:5000/app:1 a:5000/mine:1 && docker push a:5000/mine:1");
    expect(code).toBe(1);
    expect(said).toContain("denied: the account reader may pull, not push or delete");
  });

  test("shows metrics and health over TLS", async () => {
    const ca = "--cacert /etc/docker/certs.d/a:5000/ca.crt";
    expect(await b.run(`curl -fsS ${ca} https://a:5000/metrics | grep -c ^registry_`)).toMatch(/^[1-9]/);
    expect(await b.run(`curl -fsS ${ca} https://a:5000/healthz`)).toBe("{}");
  });
});

describe("a pull-through cache", () => {
  test("fetches by its own account, keeps what it fetched, and says what that saved", async () => {
    const pull = "docker pull -q b:5000/app:1 && docker image rm b:5000/app:1";
    const report = async () =>
      z
        .object({ images: z.array(z.string()), heldBytes: z.number(), savedBytes: z.number() })
        .parse(JSON.parse(await b.run("cache-report")));
    await a.run(pull);
    const first = await report();
    expect(first.images).toEqual(["app"]);
    expect(first.heldBytes).toBeGreaterThan(2 ** 20);
    // It fetches what it lacks twice, so a first pull through it costs as much again.
    const cost = -first.savedBytes;
    expect(cost).toBeGreaterThan(2 ** 20);
    await a.run(pull);
    await a.run(pull);
    expect((await report()).savedBytes / cost).toBeCloseTo(1, 1);
    await a.run("docker pull -q b:5000/app:1");
  });

  test("serves what it has while its upstream is cut off, and nothing else", async () => {
    await a.run("docker image rm b:5000/app:1 && docker stop hub-gate");
    try {
      expect(await attempt(a, "docker pull -q b:5000/app:1")).toMatchObject({ code: 0 });
      expect(await attempt(a, "docker pull -q b:5000/other:1")).toMatchObject({ code: 1 });
      expect(await probe(outputs.hub)).toEqual({ code: 1, said: "its container hub-gate is exited" });
    } finally {
      await a.run("docker start hub-gate");
    }
  });

  test("takes no pushes, and its log holds no password", async () => {
    expect(await attempt(b, "docker tag a:5000/app:1 b:5000/app:2 && docker push b:5000/app:2")).toMatchObject({
      code: 1,
    });
    const logs = [
      await b.run("docker logs cache 2>&1"),
      await a.run("docker logs hub 2>&1; docker logs hub-gate 2>&1"),
    ];
    expect(logs.join("")).not.toContain(passwordOf("reader"));
  });
});

describe("garbage collection", () => {
  test("frees a deleted image's bytes, and no push that went through loses any", async () => {
    await login(b, "a:5000", "builder", passwordOf("builder"));
    await build(b, "a:5000/old:1", 8);
    await b.run("docker push -q a:5000/old:1");
    const api = "curl -fsS --netrc-file /root/netrc --cacert /etc/docker/certs.d/a:5000/ca.crt https://a:5000/v2";
    await (
      await sessionTo(b.ssh)
    ).run("umask 077; cat > /root/netrc", {
      stdin: `machine a login builder password ${passwordOf("builder")}\n`,
    });
    const digest = await b.run(
      "docker image inspect --format '{{ index .RepoDigests 0 }}' a:5000/old:1 | cut -d @ -f 2",
    );
    await b.run(`${api}/old/manifests/${digest} -X DELETE`);
    for (const number of [1, 2, 3, 4, 5, 6]) await build(b, `a:5000/busy:${number}`, 1);

    const pushes = b.run(
      "for n in 1 2 3 4 5 6; do docker push -q a:5000/busy:$n > /dev/null 2>&1 && echo $n; done; true",
    );
    const collected = await a.run("hub-collect");
    const pushed = (await pushes).split("\n").filter(Boolean);

    const [, before = 0, after = 0] = (/(\d+) KiB before, (\d+) KiB after/.exec(collected) ?? []).map(Number);
    expect(before - after).toBeGreaterThan(7 * 1024);
    expect(await corrupt(a, "hub")).toBe("");
    for (const number of pushed) {
      await b.run(`docker image rm a:5000/busy:${number}`);
      expect(await attempt(b, `docker pull -q a:5000/busy:${number}`), `busy:${number}`).toMatchObject({ code: 0 });
    }
    expect(await attempt(b, "docker push -q a:5000/busy:6 || docker push -q a:5000/busy:1")).toMatchObject({ code: 0 });
    expect(await probe(outputs.hub)).toEqual({ code: 0, said: "" });
  });

  test("that was interrupted is told, and another one mends it", async () => {
    await a.run(
      "docker exec hub sed -i 's/enabled: false # while/enabled: true # while/' /etc/docker/registry/config.yml",
    );
    await a.run("docker restart hub");
    await build(b, "a:5000/late:1", 1);
    expect((await attempt(b, "docker push a:5000/late:1")).said).toContain("takes no pushes while it collects garbage");
    expect(await probe(outputs.hub)).toMatchObject({ code: 1, said: expect.stringContaining("hub-collect") as string });
    await a.run("hub-collect");
    expect(await probe(outputs.hub)).toEqual({ code: 0, said: "" });
  });
});

describe("faults", () => {
  test("a host killed during a push leaves nothing corrupt, and the push goes through once it is back", async () => {
    await build(b, "a:5000/big:1", 64);
    const push = attempt(b, "docker push -q a:5000/big:1");
    await waitFor<true>({
      what: "an upload to have begun",
      deadlineMs: 30_000,
      everyMs: 10,
      look: async () => {
        const uploads = "ls -d /var/lib/docker/volumes/hub/_data/docker/registry/v2/repositories/big/_uploads/*";
        return (await attempt(a, uploads)).code === 0 ? { value: true } : { waiting: "there is none" };
      },
    });
    await a.container.kill();
    await a.up();
    await waitFor<true>({
      what: "the registry to be healthy",
      deadlineMs: 60_000,
      look: async () => {
        const { code, said } = await probe(outputs.hub);
        return code === 0 ? { value: true } : { waiting: said };
      },
    });
    expect(await corrupt(a, "hub")).toBe("");
    const first = await push;
    if (first.code !== 0) expect(await attempt(b, "docker push -q a:5000/big:1")).toMatchObject({ code: 0 });
    await b.run("docker image rm a:5000/big:1");
    expect(await attempt(b, "docker pull -q a:5000/big:1")).toMatchObject({ code: 0 });
    expect(await corrupt(a, "hub")).toBe("");
  });

  test("a full volume is named", async () => {
    const password = String(made.get("small-builder")?.state.password);
    expect(await login(b, "a:5010", "builder", password)).toMatchObject({ code: 0 });
    await build(b, "a:5010/large:1", 24);
    expect(await attempt(b, "docker push -q a:5010/large:1")).toMatchObject({ code: 1 });
    expect(await probe(outputs.small)).toMatchObject({
      code: 1,
      said: expect.stringMatching(/^its volume is full/) as string,
    });
  });

  test("an expired certificate is named, to clients and in the state; another update renews it", async () => {
    const certificate = made.get("brief-certificate");
    const end = Date.parse(String(certificate?.state.notAfter));
    await waitFor<true>({
      what: "the certificate to expire",
      deadlineMs: briefSec * 1000,
      look: () => Promise.resolve(Date.now() > end + 1000 ? { value: true } : { waiting: "it is still good" }),
    });
    expect((await attempt(b, "docker pull a:5020/app:1")).said).toMatch(/certificate has expired/);
    expect((await probe(outputs.brief)).said).toMatch(
      /^its certificate expired on \w+ .* GMT: \.\/drydock up makes a new one$/,
    );
    expect(certificate?.handler.drifted?.(certificate.state)).toBe(true);
  });
});

describe("the resources", () => {
  test("find what they made as it is, and what was changed by hand otherwise", async () => {
    const names = ["hub", "hub-gate", "hub-files", "hub-trust-b", "cache"];
    const read = async (name: string) => {
      const { handler, id, state } = resource(name);
      const found = (await handler.read?.(id, state)) as object | undefined;
      const drifted = found === undefined || handler.drifted?.({ ...state, ...found }) === true;
      return drifted ? "changed" : "as it was";
    };
    const all = async () => {
      const states = await Promise.all(names.map(read));
      return Object.fromEntries(names.map((name, index) => [name, states[index]]));
    };
    expect(await all()).toEqual(Object.fromEntries(names.map((name) => [name, "as it was"])));

    await a.run("docker rm -f hub-gate && docker stop hub && rm /root/hub/reader.password");
    await b.run("echo other > /etc/docker/certs.d/a:5000/ca.crt");
    expect(await all()).toEqual({
      hub: "changed",
      "hub-gate": "changed",
      "hub-files": "changed",
      "hub-trust-b": "changed",
      cache: "as it was",
    });
  });

  test("take what is theirs, and name who else has its name", async () => {
    const { handler, inputs, id } = resource("cache");
    expect(await handler.create(inputs)).toMatchObject({ id });
    await b.run("docker rm -f cache && docker create --name cache busybox");
    await expect(handler.create(inputs)).rejects.toThrow("The container name cache is taken on b");
  });

  test("say what did not work, with the end of the log, when there is no readiness in time", async () => {
    await a.run("docker rm -f hub-gate");
    const { handler, inputs } = resource("hub-gate");
    const all = Object.entries(inputs.files as Record<string, string>);
    const files = Object.fromEntries(all.filter(([path]) => path !== gatePaths.key));
    await expect(handler.create({ ...inputs, files, deadlineSec: 3 })).rejects.toThrow(
      new RegExp(`waited 3 s for hub-gate on a: its [^]*The end of its log:[^]*${gatePaths.key}.*No such file`),
    );
  });
});
