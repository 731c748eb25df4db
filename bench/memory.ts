import type Docker from "dockerode";
import { waitFor } from "../engine/wait.ts";
import { reported, type Reporter } from "../stacks/reporter.ts";
import { hostsOf, type HostSpec, type Topology } from "./topology.ts";
import { bound, formSwarm, startHosts } from "./variants/bound.ts";

/** Memory of a host at rest, in MiB: all processes of its cgroup and the files that they use. */
export interface HostMemory {
  bare: number;
  manager: number;
  worker: number;
}

/** The part of the engine's statistics that we use; the names of file pages differ with the cgroup version. */
interface MemoryStats {
  memory_stats: { usage: number; stats: { total_inactive_file?: number; inactive_file?: number } };
}

/** Measures hosts at rest, before and after they form a Swarm. Hosts of one image take the same, whoever made them. */
export async function measureMemory(engine: Docker, topology: Topology, reporter: Reporter): Promise<HostMemory> {
  const hosts = hostsOf(topology);
  return reported(reporter, "Memory of hosts", async ({ progress }) => {
    const sessions = await startHosts(engine, topology);
    await Promise.all(sessions);
    progress("bare");
    const [bare = 0] = await atRest(engine, hosts);
    await formSwarm(topology, sessions);
    for (const session of sessions) (await session).close();
    progress("in a Swarm");
    const [manager = 0, worker = 0] = await atRest(engine, hosts);
    await bound({ engine, topology }).down();
    return { bare, manager, worker };
  });
}

/** The hosts' memory once it stays as it is. */
async function atRest(engine: Docker, hosts: HostSpec[]): Promise<number[]> {
  let before: number[] = [];
  return waitFor<number[]>({
    what: "the hosts' memory to settle",
    deadlineMs: 120_000,
    everyMs: 5_000,
    look: async () => {
      const now = await Promise.all(hosts.map(({ name }) => memoryMib(engine, name)));
      const settled = now.every((value, index) => Math.abs(value - (before[index] ?? 0)) <= 0.02 * value);
      before = now;
      return settled ? { value: now } : { waiting: `${now.map(Math.round).join(", ")} MiB` };
    },
  });
}

async function memoryMib(engine: Docker, container: string): Promise<number> {
  const stats = engine.getContainer(container).stats({ stream: false, "one-shot": true });
  const { memory_stats: memory } = (await stats) as unknown as MemoryStats;
  const inactive = memory.stats.total_inactive_file ?? memory.stats.inactive_file ?? 0;
  return (memory.usage - inactive) / 2 ** 20;
}
