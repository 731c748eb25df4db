import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { CohortUpReport } from "../../../cohort/lifecycle.ts";
import type { CohortPlan } from "../../../cohort/plan.ts";
import { connectSsh } from "../../../engine/ssh.ts";
import { waitFor } from "../../../engine/wait.ts";
import { onMachine, type Reach } from "../../../provider/machine/session.ts";
import { stackFolder } from "../../../stacks/home.ts";
import { reap } from "../../../stacks/reap.ts";
import { silentReporter } from "../../../stacks/reporter.ts";
import { makeOwnSettings } from "../../../stacks/stack.ts";
import type { Finding } from "../../../doctor/facts.ts";
import { drydock, drydockExits, drydockJson, drydockJsonExits } from "../support/drydock.ts";
import { useRemoteMachines } from "../support/remoteMachines.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

/** Machines that exist: host containers here, whose engines are empty; virtual machines in sshMachines.test.ts. */
const sandbox = useSandbox();
const { machines } = useRemoteMachines(sandbox, 4);

const name = testStack("room");
const stack = ["--stack", name];
const lab = "overlay-vxlan";
const stackOf = (learner: string) => `${name}-${learner}-${lab}`;

/** The machines as the cohort's settings have them. */
let room: { ssh: string; hostKey: string; address: string }[] = [];
let reaches: Reach[] = [];

const configure = (learners: string[], more: object = {}) =>
  makeOwnSettings(name, { learners, labs: [lab], target: "ssh", machines: room, identity: identity(), ...more });
const identity = () => join(sandbox.user, ".ssh", "id_ed25519");

/** What a shell command prints on each machine. */
const onAll = (command: string): Promise<string[]> =>
  Promise.all(reaches.map((reach) => onMachine(reach, async (session) => (await session.run(command)).stdout.trim())));

/** What is told of a machine that is nobody's host, and has no image. */
const untouched = `docker info --format '{{.Swarm.LocalNodeState}} {{.Images}} {{.Containers}}'; ls -A /var/lib/drydock-machine ~root/.ssh/authorized_keys 2> /dev/null; cat /etc/docker/daemon.json`;
const found = expect.stringMatching(/^inactive 0 0\n\{"bip"/) as string;
const recordIds = () => onAll("cat /var/lib/drydock-machine/id");

beforeAll(async () => {
  room = await Promise.all(
    machines.map(async ({ url, container, knownHost }) => {
      const { host, username } = new URL(url);
      const address = (await container.inspect()).NetworkSettings.Networks.bridge?.IPAddress ?? "";
      return { ssh: `${username}@${host}`, hostKey: knownHost.split(" ").slice(1).join(" ").trim(), address };
    }),
  );
  reaches = room.map(({ ssh, hostKey }) => {
    const { username: user, hostname: host, port } = new URL(`ssh://${ssh}`);
    return { login: { user, host, port: Number(port), hostKey }, identity: identity() };
  });
  // Their sshd reads keys in Drydock's folder alone, as those of machines do not.
  const sshd = "/etc/ssh/sshd_config.d/drydock.conf && kill -HUP $(pgrep -o -x sshd)";
  await onAll(`sed -i 's|^AuthorizedKeysFile .*|& .ssh/authorized_keys|' ${sshd}`);
  await waitFor<true>({
    what: "sshd of the machines to read its settings again",
    deadlineMs: 20_000,
    look: () =>
      onAll("sshd -T | grep -c 'authorizedkeysfile .* .ssh/authorized_keys'").then(
        () => ({ value: true }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
});

test("doctor looks at a stack's machines and says what is wrong with which, and changes nothing", async () => {
  const before = await onAll(untouched);
  const one = testStack("looked");
  const settings = { lab, target: "ssh", identity: identity() };
  const doctor = async (machines: typeof room, wanted: number) => {
    await makeOwnSettings(one, { ...settings, machines });
    return drydockJsonExits<{ healthy: boolean; findings: Finding[] }>(wanted, "doctor", "--stack", one);
  };
  const [first, second] = room.slice(0, 2) as [(typeof room)[0], (typeof room)[0]];

  expect((await doctor([first, second], 0)).findings).toMatchObject([{ about: "machines", verdict: "ok" }]);
  const { healthy, findings } = await doctor([first, { ...second, address: "192.0.2.7" }], 3);
  expect(healthy).toBe(false);
  expect(findings).toMatchObject([
    { about: second.ssh, seen: expect.stringContaining("none of its links has the address 192.0.2.7") as string },
  ]);

  await onAll("ip link set dev eth0 mtu 1280");
  const narrow = await doctor([first, second], 3);
  await onAll("ip link set dev eth0 mtu 1500");
  expect(narrow.findings).toMatchObject(
    [first, second].map(({ ssh }) => ({
      about: ssh,
      seen: expect.stringContaining("an MTU of 1280 bytes") as string,
    })),
  );
  expect(await onAll(untouched)).toEqual(before);
});

test("each learner gets machines of their own, with the lab's images, that nobody else's key opens", async () => {
  const before = await onAll(untouched);
  await configure(["ada", "grace"]);
  const { seats } = await drydockJson<CohortPlan>("cohort", "plan", ...stack);
  expect(seats.flatMap((seat) => seat.machines?.map(({ address }) => address))).toEqual(
    room.map(({ address }) => address),
  );
  expect(await onAll(untouched)).toEqual(before);

  await drydockJson<CohortUpReport>("cohort", "up", ...stack);

  await drydockExits(0, "cohort", "status", ...stack);
  expect(await onAll("docker image ls --format '{{.Repository}}:{{.Tag}}' busybox")).toEqual(
    room.map(() => "busybox:1\nbusybox:latest"),
  );
  const privateKey = await readFile(join(stackFolder(stackOf("ada")), "id_ed25519"), "utf8");
  const reached = await Promise.allSettled(
    reaches.map(async ({ login }) => (await connectSsh({ ...login, privateKey }, { deadlineMs: 20_000 })).close()),
  );
  expect(reached.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
});

test("who stays is not touched when one leaves, whose machines the next one gets", async () => {
  const [, , ...graces] = await recordIds();
  await configure(["zoe", "grace"]);

  const { removed } = await drydockJson<CohortUpReport>("cohort", "up", ...stack);

  expect(removed).toEqual([stackOf("ada")]);
  expect((await recordIds()).slice(2)).toEqual(graces);
  await drydockExits(0, "exec", "--stack", stackOf("zoe"), "manager-1", "--", "docker", "node", "ls");
});

test("machines that are another class's are refused by its stacks' names, and no command of the second changes them", async () => {
  const other = testStack("second");
  await makeOwnSettings(other, { learners: ["joe"], labs: [lab], target: "ssh", machines: room, identity: identity() });
  const before = await recordIds();

  const refused = await drydock("cohort", "up", "--stack", other);
  expect(refused.code, refused.text).not.toBe(0);
  expect(refused.text).toContain(`it is a host of stack ${stackOf("zoe")}`);
  await drydockExits(0, "cohort", "down", "--stack", other);

  expect(await recordIds()).toEqual(before);
  await drydockExits(0, "cohort", "status", ...stack);
});

test("a machine that does not answer is named, its learner's stack alone is not up, and the next up makes good", async () => {
  const [first] = machines;
  await first?.container.pause();
  const failed = await drydock("cohort", "up", ...stack);
  await first?.container.unpause();

  expect(failed.code, failed.text).not.toBe(0);
  expect(failed.text).toContain(room[0]?.ssh);
  await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  await drydockExits(0, "cohort", "status", ...stack);
});

test("reset takes what a learner has done from their machines alone, and does the steps again", async () => {
  await onAll("docker volume create mine");

  await drydockExits(0, "cohort", "reset", "--learner", "grace", "--to", "1", ...stack);

  expect(await onAll("docker volume ls --quiet --filter name=mine")).toEqual(["mine", "mine", "", ""]);
  await drydockExits(0, "check", "--step", "1", "--stack", stackOf("grace"));
  await drydockExits(0, "cohort", "status", ...stack);
});

test("a class that needs more machines than there are is refused, and the machines are as they were after down", async () => {
  await configure(["ada", "grace", "zoe"]);
  const refused = await drydock("cohort", "up", ...stack);
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("received 4");

  await configure(["grace", "zoe"]);
  await drydockExits(0, "cohort", "down", ...stack);
  expect(await onAll(untouched)).toEqual(room.map(() => found));
});

test("a class that is past its expiry is reaped, and its machines are as they were", async () => {
  const day = 86_400_000;
  await configure(["ada"], { expiry: new Date(Date.now() + day).toISOString() });
  await drydockJson<CohortUpReport>("cohort", "up", ...stack);
  const before = await onAll(untouched);

  expect(await reap(silentReporter)).toEqual([]);
  expect(await onAll(untouched)).toEqual(before);

  expect(await reap(silentReporter, new Date(Date.now() + 2 * day))).toMatchObject([
    { stack: name, left: [] },
    { stack: stackOf("ada"), left: [] },
  ]);
  expect(await onAll(untouched)).toEqual(room.map(() => found));
});
