import { afterAll, beforeAll, expect, test } from "vitest";
import { PolicyServer } from "../../../components/policy/policyServer.ts";
import { StackAuthority } from "../../../components/stackAuthority.ts";
import { waitFor } from "../../../engine/wait.ts";
import { valueOf } from "../../components/declare.ts";
import type { TestHost, TestLab } from "../provider/testLab.ts";
import { liveHosts } from "./liveHosts.ts";
import { makeLive } from "./liveProgram.ts";

let lab: TestLab;
let hub: TestHost;
/** Its engine asks. */
let node: TestHost;
let probe: string;

beforeAll(async () => {
  const up = await liveHosts("policy", ["hub", "node"], ["busybox", "nginx", "opa"]);
  lab = up.lab;
  const [server, engine] = up.hosts;
  [hub, node] = [server.test, engine.test];
  const { returned } = await makeLive(() => {
    const authority = new StackAuthority("authority");
    return new PolicyServer("policy", {
      plan: lab.plan,
      host: server.labHost(),
      authority,
      engines: [engine.labHost()],
    });
  });
  ({ probe } = await valueOf(returned.output));
  await node.run(
    `jq '. + {"authorization-plugins": ["policy"]}' /etc/docker/daemon.json > /root/daemon.json
    cp /root/daemon.json /etc/docker/daemon.json && service docker restart && until docker info > /dev/null; do sleep 0.2; done`,
  );
});

afterAll(() => lab.remove());

/** Decisions of the log, one a line, with that text. */
const decisions = (text: string) => hub.run(`docker logs policy 2>&1 | grep -F '${text}'`);

/** Writes a file of policies, and waits until OPA has read it. */
async function policy(file: string, rego: string): Promise<void> {
  await hub.run(`cat > /root/policy/${file} << 'END'\n${rego}\nEND`);
  await waitFor<true>({
    what: `${file} to be read`,
    deadlineMs: 20_000,
    look: async () => {
      const read = await hub.run("curl -sf http://127.0.0.1:8181/v1/policies");
      return read.includes(file) ? { value: true } : { waiting: "not yet" };
    },
  });
}

test("without a rule everything is allowed, and stands in the log with the engine's name", async () => {
  await node.run("docker run --rm --env PASSWORD=secret busybox true");
  const made = await decisions('"POST /containers/create"');
  expect(made).toContain('"image":"busybox"');
  expect(made).toContain('"X-Engine":["node"]');
  expect(made).toContain("RequestBody");
});

test("what is masked is not in the log, and the answer still is", async () => {
  await policy("mask.rego", 'package system.log\n\nmask contains "/input/RequestBody"');
  await node.run("docker run --rm --env PASSWORD=secret busybox echo masked");
  const made = (await decisions('"POST /containers/create"')).split("\n").at(-1);
  expect(made).toContain('"erased":["/input/RequestBody"]');
  expect(made).toContain('"image":"busybox"');
  expect(made).not.toContain('"RequestBody"');
});

test("a rule of somebody's refuses, with its reason, what is run and what is pulled", async () => {
  await policy(
    "images.rego",
    'package rules\n\nimport data.engine\n\ndeny contains sprintf("no %s here", [engine.image]) if startswith(engine.image, "busybox")',
  );
  await expect(node.run("docker run --rm busybox:latest true")).rejects.toThrow("no busybox:latest here");
  await expect(node.run("docker pull busybox:1")).rejects.toThrow("no busybox:1 here");
  const digest = `sha256:${"5".repeat(64)}`;
  await expect(node.run(`docker pull busybox@${digest}`)).rejects.toThrow(`no busybox@${digest} here`);
  await node.run("docker create nginx");
  await hub.run("docker run --rm busybox true");
});

const json = (body: object) => `-H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`;

test.each([
  ["all tags at once", "/images/create?fromImage=busybox", "", "no busybox here"],
  ["a field's name in another case", "/containers/create", json({ image: "busybox" }), "no busybox here"],
  ["two images", "/containers/create", json({ Image: "nginx", image: "busybox" }), "or more than one"],
  ["an escaped path", "/containers/creat%65", json({ Image: "busybox" }), "no busybox here"],
  ["a form", "/images/create?fromImage=nginx&tag=latest", "-d 'fromImage=busybox'", "forms are not taken"],
])("nobody gets past it by %s", async (_, path, args, reason) => {
  const said = await node.run(
    `curl -s --unix-socket /var/run/docker.sock -X POST ${args} 'http://engine/v1.41${path}'`,
  );
  expect(said).toContain(reason);
});

test("a mistake in a policy leaves the old ones in force, and is in the log", async () => {
  await hub.run("echo 'package rules oops' > /root/policy/mistake.rego");
  await waitFor<true>({
    what: "word of the mistake",
    deadlineMs: 20_000,
    look: async () =>
      (await hub.run("docker logs policy 2>&1")).includes("/policies/mistake.rego:1: rego_parse_error")
        ? { value: true }
        : { waiting: "not yet" },
  });
  await expect(node.run("docker run --rm busybox true")).rejects.toThrow("no busybox here");
  await hub.run("rm /root/policy/mistake.rego");
});

test("who is no engine of its own is not answered", async () => {
  const asked = `curl -sk -o /dev/null -w '%{http_code}' https://hub:8182/Plugin.Activate`;
  expect(await hub.run(asked)).toBe("403");
  expect(await node.run(asked)).toBe("200");
});

test("without OPA the engine refuses, at once, and goes on when it is back", async () => {
  await hub.run(probe);
  await hub.run("docker stop policy");
  await expect(hub.run(probe)).rejects.toThrow("its container policy is exited");
  const began = Date.now();
  await expect(node.run("docker ps")).rejects.toThrow("the policy server does not answer");
  expect(Date.now() - began).toBeLessThan(5_000);
  await hub.run(
    "docker start policy && timeout 20 sh -c 'until curl -sf http://127.0.0.1:8181/health; do sleep 0.2; done'",
  );
  await node.run("docker ps");
});
