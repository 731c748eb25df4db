import { afterAll, beforeAll, expect, test } from "vitest";
import { PrivateRegistry } from "../../../components/registry/privateRegistry.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import { SwarmCluster } from "../../../components/swarmCluster.ts";
import { waitFor } from "../../../engine/wait.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive, type LiveResource } from "./liveProgram.ts";

let lab: TestLab;
/** Has the registry, as services of the Swarm. */
let manager: TestHost;
let worker: TestHost;
let made: Map<string, LiveResource>;
let probe: string;

beforeAll(async () => {
  const up = await liveHosts("swarm-registry", ["manager", "worker"], ["busybox", "nginx", "registry"]);
  lab = up.lab;
  const [ofManager, ofWorker] = up.hosts;
  [manager, worker] = [ofManager.test, ofWorker.test];
  const live = await makeLive(() => {
    const [host, other] = [ofManager.labHost(), ofWorker.labHost()];
    const swarm = new SwarmCluster("swarm", { plan: lab.plan, managers: [host], workers: [other] });
    const accounts = [{ name: "ci", rights: "push" } as const, { name: "reader", rights: "pull" } as const];
    const authority = new StackAuthority("authority");
    return new PrivateRegistry("hub", { plan: lab.plan, host, authority, accounts, trustedBy: [other], swarm });
  });
  ({ made } = live);
  ({ probe } = await valueOf(live.returned.output));
  for (const host of [manager, worker]) {
    await host.run("mkdir -p ~/.docker");
    await login(host, "ci");
  }
});

afterAll(() => lab.remove());

const login = (host: TestHost, account: string) =>
  host.run(
    `docker login --username ${account} --password-stdin manager:5000 << 'END'\n${String(resource(`hub-${account}`).state.password)}\nEND`,
  );

function resource(name: string): LiveResource {
  const found = made.get(name);
  if (!found) throw new Error(`nothing made ${name}, only ${[...made.keys()].join(", ")}`);
  return found;
}

const until = (what: string, look: () => Promise<unknown>) =>
  waitFor<true>({
    what,
    deadlineMs: 60_000,
    look: () =>
      look().then(
        () => ({ value: true }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
const services = () => manager.run("docker service ls --format '{{ .Name }} {{ .Replicas }}' | sort");
const secrets = async () => (await manager.run("docker secret ls --quiet")).split("\n").filter(Boolean).length;
const tasks = (service: string) => manager.run(`docker service ps --no-trunc --quiet ${service} | sort`);

test("it is two services, whose files are the Swarm's secrets", async () => {
  expect(await services()).toBe("hub 1/1\nhub-gate 1/1");
  expect(await secrets()).toBe(5);
  expect(await manager.run("docker inspect $(docker ps -q) --format '{{ json .Config }}'")).not.toContain("BEGIN");
  await manager.run(probe);
});

test("it takes a push of who may, and gives it to other nodes; who may only pull is refused", async () => {
  await worker.run("docker tag busybox manager:5000/app:1 && docker push -q manager:5000/app:1");
  await manager.run("docker pull -q manager:5000/app:1");
  await login(worker, "reader");
  await worker.run("docker image rm manager:5000/app:1 && docker pull -q manager:5000/app:1");
  await expect(
    worker.run("docker tag busybox manager:5000/app:2 && docker push -q manager:5000/app:2"),
  ).rejects.toThrow("may pull, not push");
  await login(worker, "ci");
});

test("Swarm starts a part that died anew, and what was pushed is there", async () => {
  await manager.run("docker kill $(docker ps -q --filter label=com.docker.swarm.service.name=hub)");
  await until("the registry to be well again", () => manager.run(probe));
  await worker.run("docker image rm manager:5000/app:1 && docker pull -q manager:5000/app:1");
});

test("a collection frees what was deleted, and takes pushes again", async () => {
  await worker.run(
    "head -c 8M /dev/urandom > /root/data && printf 'FROM busybox\\nCOPY data /data\\n' > /root/Dockerfile && docker build -q -t manager:5000/big:1 /root && docker push -q manager:5000/big:1",
  );
  const password = String(resource("hub-ci").state.password);
  await manager.run(
    `digest=$(docker pull -q manager:5000/big:1 > /dev/null && docker image inspect --format '{{ index .RepoDigests 0 }}' manager:5000/big:1 | cut -d @ -f 2)
    printf 'user = "ci:%s"\\n' '${password}' > /root/curlrc
    curl -fsS -K /root/curlrc --cacert /etc/docker/certs.d/manager:5000/ca.crt -X DELETE https://manager:5000/v2/big/manifests/$digest`,
  );
  const said = await manager.run("hub-collect");
  const [, before, after] = /(\d+) KiB before, (\d+) KiB after/.exec(said) ?? [];
  expect(Number(before) - Number(after)).toBeGreaterThan(7 * 1024);
  await manager.run(probe);
  await worker.run("docker push -q manager:5000/app:1");
});

test("the same again changes nothing; a new certificate replaces the task and the secret", async () => {
  const { handler, id, inputs, state } = resource("hub-gate");
  const before = await tasks("hub-gate");
  await handler.update?.(id, state, inputs);
  expect(await tasks("hub-gate")).toBe(before);
  const files = Object.fromEntries(
    Object.entries(inputs.files as Record<string, string>).map(([path, content]) => [path, `${content}\n`]),
  );
  await handler.update?.(id, state, { ...inputs, files });
  expect(await tasks("hub-gate")).not.toBe(before);
  expect(await secrets()).toBe(5);
  await handler.update?.(id, state, inputs);
  expect(await secrets()).toBe(5);
});

test("what was half made is taken over, and a name that is another's is named", async () => {
  const { handler, id, inputs } = resource("hub");
  expect(((await handler.create(inputs)) as { id: string }).id).toBe(id);
  await manager.run("docker service create --quiet --detach --name other busybox sleep 1000");
  await expect(handler.create({ ...inputs, name: "other" })).rejects.toThrow("The service name other is taken");
  await manager.run("docker service rm other");
});

test("removed, it leaves no service, no task and no secret", async () => {
  for (const name of ["hub-gate", "hub"]) {
    const { handler, id, state } = resource(name);
    await handler.delete?.(id, state);
    expect(await handler.read?.(id, state)).toBeUndefined();
  }
  expect(await services()).toBe("");
  expect(await secrets()).toBe(0);
});
