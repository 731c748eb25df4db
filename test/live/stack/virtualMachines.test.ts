import { text } from "node:stream/consumers";
import { pack } from "tar-stream";
import { expect, onTestFinished, test } from "vitest";
import { LiveHosts } from "../../../cli/liveHosts.ts";
import type { CohortUpReport } from "../../../cohort/lifecycle.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { waitFor } from "../../../engine/wait.ts";
import { hostPrivileges } from "../../../images/hostPrivileges.ts";
import { ensureImage } from "../../../images/image.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import { makeOwnSettings, openStack } from "../../../stacks/stack.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydockExits, drydockJson } from "../support/drydock.ts";
import { stillThere, takeInventory, usedObjects } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();
const name = testStack("vm");
const stack = ["--stack", name];

/** Emulated machines boot in minutes, and are sent an image of 600 MB. */
const timeoutMs = 1_800_000;

test(
  "a Swarm of virtual machines shows what the machine's own kernel may not have, and goes without a trace",
  { timeout: timeoutMs },
  async () => {
    await sandbox.configure(name, { lab: "overlay-vxlan", target: "vm", hosts: { memoryMib: 1024, cpus: 1 } });

    const { outputs } = await drydockJson<UpReport>("up", ...stack);

    expect(outputs.swarm?.ingress).toBe("mesh");
    for (const { cgroupVersion, capabilities } of outputs.hosts) {
      expect(cgroupVersion).toBe(2);
      expect(capabilities).toEqual({ vxlan: true, ipvs: true, esp: true, macvlan: true, apparmor: true });
    }
    expect(await on("manager-1", "docker images")).toContain("busybox");
    await appArmorConfines();
    await routingMeshAnswers();
    await hostContainerRuns();

    const used = await usedObjects();
    const gone = await drydockJson<DownReport>("down", ...stack);
    expect(gone.left).toEqual([]);
    expect(await stillThere(used)).toEqual([]);
    expect(await takeInventory(sandbox)).toMatchObject({ objects: [], processes: [] });
  },
);

test(
  "a class of virtual machines: each learner a kernel of their own, and nothing of another's",
  { timeout: timeoutMs },
  async () => {
    const cohort = testStack("vm-class");
    const learners = ["ada", "grace"];
    const hosts = { memoryMib: 1024, cpus: 1 };
    await makeOwnSettings(cohort, { learners, labs: ["tracing"], target: "vm", hosts });
    const on = ["--stack", cohort];

    await drydockJson<CohortUpReport>("cohort", "up", ...on);

    const { seats } = await drydockJson<CohortPlan>("cohort", "plan", ...on);
    const stacks = seats.map(({ stack }) => stack);
    const kernels = await Promise.all(
      stacks.map((own) =>
        drydockExits(0, "exec", "--stack", own, "shop", "--", "cat", "/proc/sys/kernel/random/boot_id"),
      ),
    );
    expect(new Set(kernels).size).toBe(2);
    await drydockExits(0, "cohort", "status", ...on);
    const [ada = "", grace = ""] = await Promise.all(
      stacks.map(async (own) => (await openStack(own)).plan.hosts[0]?.address),
    );
    expect(await readsBanner(stacks[0] ?? "", ada)).toContain("SSH-2.0");
    expect(await readsBanner(stacks[0] ?? "", grace)).not.toContain("SSH-2.0");

    await drydockExits(0, "cohort", "down", ...on);
    expect(await takeInventory(sandbox)).toMatchObject({ objects: [], processes: [] });
  },
);

/** What a stack's host hears first at the SSH port of an address: a gateway may take connections to any address itself. */
const readsBanner = (stack: string, address: string) =>
  drydockExits(
    0,
    "exec",
    "--stack",
    stack,
    "shop",
    "--",
    "bash",
    "-c",
    `timeout 10 head -c 7 < /dev/tcp/${address}/22 || true`,
  );

/** What a shell command on a host prints. @throws Error with the same when it fails. */
const on = (host: string, command: string) => drydockExits(0, "exec", ...stack, host, "--", "sh", "-c", command);

async function appArmorConfines(): Promise<void> {
  const profile = "cat /proc/self/attr/current";
  expect(await on("worker-1", `docker run --rm busybox ${profile}`)).toContain("docker-default (enforce)");
  // The profile is what refuses: without it the same is allowed.
  const mount = "docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined";
  const command = "busybox mount -t tmpfs none /etc";
  const refused = ["exec", ...stack, "worker-1", "--", "sh", "-c", `${mount} ${command} || exit 1`];
  expect(await drydockExits(1, ...refused)).toMatch(/permission denied/i);
  await on("worker-1", `${mount} --security-opt apparmor=unconfined ${command}`);
}

/** A service with one task, on the worker, is asked for at the manager, which runs none. */
async function routingMeshAnswers(): Promise<void> {
  const serve = "mkdir /www; hostname > /www/index.html; httpd -f -p 80 -h /www";
  const service = "docker service create --quiet --detach --name web --constraint node.hostname==worker-1";
  await on("manager-1", `${service} --publish 8080:80 busybox sh -c '${serve}'`);
  const answer = await waitFor<string>({
    what: "the routing mesh of manager-1 to answer",
    deadlineMs: 180_000,
    look: () =>
      on("manager-1", "curl --silent --fail --max-time 5 http://127.0.0.1:8080/").then(
        (value) => ({ value }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
  expect(await on("worker-1", "docker ps --quiet --filter name=web")).toContain(answer.trim());
  expect(await on("manager-1", "docker ps --quiet --filter name=web")).toBe("");
}

/** In the guest's engine, on a distribution's kernel with AppArmor and cgroup v2, with a host's rights and no --privileged. */
async function hostContainerRuns(): Promise<void> {
  const outer = await outerEngine();
  const { tag: image } = await ensureImage(outer, "host");
  const session = await (await LiveHosts.of(await openStack(name))).connect("worker-1");
  onTestFinished(() => session.close());
  const engine = session.engine();
  await text(await engine.loadImage(await outer.getImage(image).get()));
  const container = await engine.createContainer({
    name: "inner",
    Image: image,
    HostConfig: { ...hostPrivileges, Binds: ["inner-docker:/var/lib/docker"] },
  });
  const files = pack();
  files.entry({ name: "etc/docker/daemon.json" }, JSON.stringify({ bip: "10.255.0.1/26" }));
  files.finalize();
  await container.putArchive(files as unknown as NodeJS.ReadableStream, { path: "/" });
  await container.start();

  const info = await waitFor<string>({
    what: "the engine of the host container in the virtual machine",
    deadlineMs: 180_000,
    look: async () => {
      const ask = "docker exec inner docker info --format '{{.CgroupVersion}} {{.Driver}}'";
      const { code, stdout, stderr } = await session.run(ask, { timeoutMs: 60_000 });
      // Of an engine that does not answer yet it tells nothing, and may end well.
      return code === 0 && stdout.trim() !== "" ? { value: stdout.trim() } : { waiting: stderr };
    },
  });
  expect(info).toBe("2 overlay2");
}
