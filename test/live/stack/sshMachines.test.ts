import { rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { waitFor } from "../../../engine/wait.ts";
import type { UpReport } from "../../../stacks/lifecycle.ts";
import { nameOfLogin } from "../../../stacks/ssh/plan.ts";
import type { DownReport } from "../../../stacks/teardown.ts";
import { drydock, drydockExits, drydockJson, startInGroup } from "../support/drydock.ts";
import {
  differences,
  existingMachines,
  type ExistingMachine,
  type ExistingMachines,
} from "../support/existingMachines.ts";
import { takeInventory } from "../support/inventory.ts";
import { useSandbox } from "../support/sandbox.ts";
import { testStack } from "../support/testStack.ts";

const sandbox = useSandbox();
const name = testStack("ssh");
const stack = ["--stack", name];

/** Emulated machines, which install an engine and purge it. */
const timeoutMs = 1_800_000;

let machines: ExistingMachines;
let found: [string[], string[]];

beforeAll(async () => {
  machines = await existingMachines(name);
  return () => machines.remove();
}, timeoutMs);

beforeAll(async () => {
  found = await look();
}, timeoutMs);

test(
  "machines that cannot be hosts are refused with all that is wrong, and nothing is changed",
  async () => {
    const { bare, used } = machines;
    const [one, other] = [nameOfLogin(bare.login), nameOfLogin(used.login)];
    await configure({ installEngine: false });
    const rules = ["INPUT -p udp --dport 4789 -j DROP", "OUTPUT -p tcp --dport 2377 -j DROP"];
    await used.run(rules.map((rule) => `iptables -I ${rule}`).join("\n"));

    const { code, text } = await drydock("up", ...stack);

    await used.run(rules.map((rule) => `iptables -D ${rule}`).join("\n"));
    expect(code).toBe(3);
    expect(text).toContain("nothing was changed on them");
    const problems = text.split("\n").filter((line) => line.includes("; allowed: "));
    expect(problems.map((line) => line.trim().replace(/; allowed: .*/, "")).sort()).toEqual(
      [
        `- ${one}: it has no Docker engine`,
        `- from ${one} to ${other}: udp/4789 at ${used.address} does not answer`,
        `- from ${other} to ${one}: tcp/2377 at ${bare.address} does not answer`,
      ].sort(),
    );
    expect(await changes()).toEqual([]);
  },
  timeoutMs,
);

test(
  "an up that was killed while packages were installed is gone on with, and the next changes nothing",
  async () => {
    await configure({ installEngine: true });
    await killedDuring("up", machines.bare, "pgrep -x dpkg");

    const { outputs } = await drydockJson<UpReport>("up", ...stack);

    expect(outputs.network).toMatchObject({ driver: "machines", mtu: 1500 });
    expect(outputs.hosts.map(({ capabilities }) => capabilities)).toEqual(
      Array.from({ length: 2 }, () => expect.objectContaining({ vxlan: true, ipvs: true }) as unknown),
    );
    expect(await on("manager-1", "docker node ls --format '{{.Hostname}} {{.Status}}' | sort")).toBe(
      "bare Ready\nused Ready",
    );
    expect(await drydockJson<UpReport>("up", ...stack)).toMatchObject({ changed: false });
  },
  timeoutMs,
);

test(
  "a lab is worked on across both, beside what the owner has there",
  async () => {
    for (const host of ["manager-1", "worker-1"]) {
      expect(await on(host, "docker images busybox --format '{{.Tag}}' | sort")).toBe("1\nlatest");
      await on(host, "mkdir -p /etc/docker/certs.d/hub:5000 && touch /etc/docker/certs.d/hub:5000/ca.crt /root/notes");
      await on(host, "docker network create bridged && docker volume create data");
      await on(host, "docker run -d --restart always --network bridged -v data:/data -p 8081:80 busybox sleep 1d");
    }
    await on("manager-1", "docker network create --driver overlay --attachable --opt encrypted secret");
    await on("manager-1", "docker network create --driver overlay --attachable across");
    const service = "docker service create --quiet --detach --name web --network across --network secret";
    await on("manager-1", `${service} --replicas 2 --publish 8080:80 --no-resolve-image busybox sleep 1d`);
    await on("worker-1", "docker run -d --name far --network across busybox sleep 1d");
    await on("manager-1", "docker run -d --name near --network across busybox sleep 1d");
    await eventually("a container reaches one on the other machine", async () =>
      expect(await on("manager-1", "docker exec near ping -c 1 -W 5 far")).toContain("64 bytes"),
    );
    await eventually("the service runs on both", async () =>
      expect(await on("manager-1", "docker service ls --format '{{.Replicas}}'")).toBe("2/2"),
    );

    expect(await on("worker-1", "docker info --format '{{json .Labels}}'")).toBe('["rack=7"]');
    expect(
      await on("worker-1", "docker volume ls -q && docker ps -a --format '{{.Names}}' && cat ~/lab/notes"),
    ).toMatch(/\bown\b[^]*\bown\b[^]*\bmine\b/);
  },
  timeoutMs,
);

test(
  "with Pulumi's state lost, and down killed while packages were purged, both are as they were found",
  async () => {
    await rm(join(sandbox.home, "state"), { recursive: true });
    await killedDuring("down", machines.bare, "pgrep -x dpkg");

    expect(await drydockJson<DownReport>("down", ...stack)).toMatchObject({ left: [] });

    await drydockExits(0, "audit", ...stack);
    expect(await changes()).toEqual([]);
    const { files, processes } = await takeInventory(sandbox);
    expect(files.filter((line) => line.includes(name))).toEqual([]);
    expect(processes).toEqual([]);
  },
  timeoutMs,
);

const configure = (settings: { installEngine: boolean }) =>
  sandbox.configure(name, {
    lab: "overlay-vxlan",
    target: "ssh",
    identity: machines.identity,
    machines: [machines.bare, machines.used].map(({ login, address }) => ({
      ssh: nameOfLogin(login),
      hostKey: login.hostKey,
      address,
    })),
    ...settings,
  });

const look = () => Promise.all([machines.bare.snapshot(), machines.used.snapshot()]);

/** What is on the machines now that was not when they were made, and the other way round. */
async function changes(): Promise<string[]> {
  const now = await look();
  return now.flatMap((facts, index) => differences(found[index] ?? [], facts));
}

/** What a shell command on a host prints. @throws Error with the same when it fails. */
const on = (host: string, command: string) => drydockExits(0, "exec", ...stack, host, "--", "sh", "-c", command);

/** Starts a command, and kills it and all that it started once something runs on a machine. */
async function killedDuring(command: string, machine: ExistingMachine, runs: string): Promise<void> {
  const child = startInGroup(command, ...stack);
  let ended = false;
  void child.finally(() => (ended = true));
  await waitFor<true>({
    what: `"${runs}" during ${command}`,
    deadlineMs: 600_000,
    look: async () => {
      if (ended) throw new Error(`it ended before:\n${(await child).all}`);
      return (await machine.run(`${runs} || :`)) === "" ? { waiting: "it does not" } : { value: true };
    },
  });
  process.kill(-(child.pid ?? 0), "SIGKILL");
  await child;
}

const eventually = (what: string, assertion: () => Promise<void>) =>
  waitFor<true>({
    what,
    deadlineMs: 180_000,
    everyMs: 1_000,
    look: () =>
      assertion().then(
        () => ({ value: true }),
        (error: unknown) => ({ waiting: String(error) }),
      ),
  });
