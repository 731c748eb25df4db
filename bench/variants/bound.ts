import type Docker from "dockerode";
import { connectSsh, type SshSession } from "../../engine/ssh.ts";
import { waitFor } from "../../engine/wait.ts";
import { archive, containerOptions } from "../../provider/resources/hostContainer.ts";
import { ownObjects } from "../../stacks/inventory.ts";
import { sweep } from "../../stacks/sweep.ts";
import { overlay } from "../lab.ts";
import { hostsOf, type HostSpec, type Topology } from "../topology.ts";
import type { Variant, VariantContext } from "../variant.ts";

/**
 * The lower bound: the engine's API alone, from a process that runs already, everything at once that can be. A host is
 * ready when its engine answers over SSH, as it is for Drydock.
 */
export function bound({ engine, topology }: Pick<VariantContext, "engine" | "topology">): Variant {
  return {
    async up() {
      const hosts = await startHosts(engine, topology);
      try {
        await formSwarm(topology, hosts);
      } finally {
        for (const session of await Promise.allSettled(hosts))
          if (session.status === "fulfilled") session.value.close();
      }
    },
    async down() {
      const { project, stack } = topology.plan;
      await sweep(engine, await ownObjects(engine, { project, stack }));
    },
  };
}

/** Starts the network, the registry and the hosts; each host's session comes when its engine answers. */
export async function startHosts(engine: Docker, topology: Topology): Promise<Promise<SshSession>[]> {
  const { plan } = topology;
  const { name, subnet, gateway } = plan.network;
  const network = engine.createNetwork({
    Name: name,
    Labels: plan.labels,
    CheckDuplicate: true,
    IPAM: { Driver: "default", Config: [{ Subnet: subnet, Gateway: gateway }] },
  });
  const registry = startRegistry(engine, topology, network);
  const sessions = hostsOf(topology).map((host) => startHost(engine, host, network));
  // What is not awaited yet must not end the process when it fails first.
  for (const session of sessions) session.catch(() => undefined);
  await registry;
  return sessions;
}

async function startRegistry(engine: Docker, { plan, registry }: Topology, network: Promise<unknown>): Promise<void> {
  const { name, hostname, image, address, environment, memoryMib } = registry;
  const Memory = memoryMib * 2 ** 20;
  const container = await engine.createContainer({
    name,
    Hostname: hostname,
    Image: image,
    Labels: plan.labels,
    Env: environment,
    HostConfig: {
      NetworkMode: plan.network.name,
      RestartPolicy: { Name: "unless-stopped" },
      Memory,
      MemorySwap: Memory,
      SecurityOpt: ["no-new-privileges:true"],
    },
    NetworkingConfig: { EndpointsConfig: { [plan.network.name]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await network;
  await container.start();
}

async function startHost(engine: Docker, host: HostSpec, network: Promise<unknown>): Promise<SshSession> {
  await engine.createVolume({ Name: host.volume, Labels: host.labels });
  const container = await engine.createContainer(containerOptions(host));
  await container.putArchive(archive(host.files), { path: "/" });
  await network;
  await container.start();
  return answering(host);
}

/** A session to a host whose engine answers. */
async function answering({ hostname, ssh }: HostSpec): Promise<SshSession> {
  let session: SshSession | undefined;
  return waitFor<SshSession>({
    what: `the engine of ${hostname}`,
    deadlineMs: 120_000,
    everyMs: 10,
    look: async () => {
      try {
        if (!session || session.closed) session = await connectSsh(ssh, { deadlineMs: 5_000 });
        await session.engine().ping();
        return { value: session };
      } catch (error) {
        return { waiting: String(error) };
      }
    },
  });
}

/** Each worker joins as soon as it answers; the network is made meanwhile. */
export async function formSwarm(topology: Topology, sessions: Promise<SshSession>[]): Promise<void> {
  const { plan, manager } = topology;
  const [first, ...others] = hostsOf(topology).map((host, index) => ({ host, session: sessions[index] }));
  const engine = await engineOf(first?.session);
  await engine.swarmInit({
    ...listening(manager),
    DefaultAddrPool: [plan.swarm.overlayBase],
    SubnetSize: plan.swarm.overlaySize,
  });
  const { JoinTokens: tokens } = (await engine.swarmInspect()) as { JoinTokens: { Worker: string } };
  const join = { RemoteAddrs: [`${manager.address}:2377`], JoinToken: tokens.Worker };
  await Promise.all([
    engine.createNetwork({ Name: overlay, Driver: "overlay", Attachable: true, Labels: plan.labels }),
    ...others.map(async ({ host, session }) => {
      await (await engineOf(session)).swarmJoin({ ...listening(host), ...join });
    }),
  ]);
  await waitFor({
    what: "every node to be ready",
    deadlineMs: 60_000,
    everyMs: 20,
    look: async () => {
      const nodes = (await engine.listNodes()) as { Status: { State: string } }[];
      const ready = nodes.filter(({ Status: status }) => status.State === "ready").length;
      return ready === plan.hosts.length ? { value: true } : { waiting: `${ready} of ${plan.hosts.length} are` };
    },
  });
}

async function engineOf(session: Promise<SshSession> | undefined): Promise<Docker> {
  if (!session) throw new Error("a host has no session");
  return (await session).engine();
}

const listening = ({ address }: HostSpec) => ({
  ListenAddr: "0.0.0.0:2377",
  AdvertiseAddr: address,
  DataPathAddr: address,
});
