import { hostname } from "node:os";
import { createServer, type AddressInfo } from "node:net";
import type Docker from "dockerode";
import { containerKind } from "../../../components/hosts/containerHost.ts";
import { vmKind } from "../../../components/hosts/vmHost.ts";
import { outerEngine } from "../../../engine/outer.ts";
import { outerEngineUrl } from "../../../engine/outerUrl.ts";
import { ifThere, removeContainer } from "../../../engine/objects.ts";
import type { SshTarget } from "../../../engine/ssh.ts";
import { hostKinds, type HostKind } from "../../../images/hostKinds.ts";
import { ensureImage } from "../../../images/image.ts";
import { hostContainer, type HostContainerInputs } from "../../../provider/resources/hostContainer.ts";
import { hostReady, type HostReadyInputs, type HostReadyOutputs } from "../../../provider/resources/hostReady.ts";
import { hostVolume } from "../../../provider/resources/hostVolume.ts";
import { labBridge } from "../../../provider/resources/labBridge.ts";
import { sshKey } from "../../../provider/resources/sshKey.ts";
import type { Member } from "../../../provider/resources/swarm.ts";
import { sessionTo } from "../../../provider/sessions.ts";
import { label } from "../../../stacks/labels.ts";
import { planStack, type Plan } from "../../../stacks/plan.ts";
import { configOf } from "../../stacks/arbitraries.ts";
import { freePlace } from "../support/freePlace.ts";

/** Hosts on a network of their own, made by the provider's handlers without Pulumi. */
export interface TestLab {
  engine: Docker;
  plan: Plan;
  /** By name. */
  host(name: string): TestHost;
  /** Removes all that the lab made, whatever became of it. */
  remove(): Promise<void>;
}

/** A host of a test lab. It can be made, broken and made again; its address, port and keys stay. */
export class TestHost {
  readonly inputs: HostContainerInputs;
  readonly ssh: SshTarget;
  readonly member: Member;
  readonly container: Docker.Container;
  readonly volume: Docker.Volume;
  readonly #outer: Docker;

  constructor(outer: Docker, inputs: HostContainerInputs, ssh: SshTarget) {
    this.#outer = outer;
    this.inputs = inputs;
    this.ssh = ssh;
    this.member = { name: inputs.hostname, address: inputs.address, ssh };
    this.container = outer.getContainer(inputs.name);
    this.volume = outer.getVolume(inputs.volume);
  }

  /** The same host at another address. */
  at(address: string): TestHost {
    return new TestHost(this.#outer, { ...this.inputs, address }, this.ssh);
  }

  /** The same virtual machine with other user data for cloud-init, and with the keys that stand in them. */
  seeded(userData: string, keys: Pick<SshTarget, "hostKey" | "privateKey">): TestHost {
    const files = { ...this.inputs.files, "/etc/drydock/seed/user-data": userData };
    return new TestHost(this.#outer, { ...this.inputs, files }, { ...this.ssh, ...keys });
  }

  /** Makes it, or repairs it, and waits until its engine answers. */
  async up(): Promise<HostReadyOutputs> {
    await this.makeVolume();
    const { id } = await hostContainer.create(this.inputs);
    return (await hostReady.create(this.readyInputs(id))).outputs;
  }

  async makeVolume(): Promise<void> {
    const { engineUrl, volume: name, labels } = this.inputs;
    await hostVolume.create({ engineUrl, name, labels });
  }

  readyInputs(containerId: string, deadlineSec = kinds[this.inputs.kind].readyDeadlineSec): HostReadyInputs {
    return { host: this.member.name, ssh: this.ssh, deadlineSec, engineUrl: this.inputs.engineUrl, containerId };
  }

  /** Its container's id, now. */
  async id(): Promise<string> {
    return (await this.container.inspect()).Id;
  }

  /** Its own engine. */
  async engine(): Promise<Docker> {
    return (await sessionTo(this.ssh)).engine();
  }

  /** What a command in it prints; @throws Error when the command fails. */
  async run(command: string): Promise<string> {
    const { code, stdout, stderr } = await (await sessionTo(this.ssh)).run(command);
    if (code !== 0) throw new Error(`${this.member.name}: ${command}: ${stderr}${stdout}`);
    return stdout.trim();
  }

  /** Removes the container, and with `volume` all that its engine knew. */
  async lose({ volume }: { volume: boolean }): Promise<void> {
    await removeContainer(this.#outer, this.inputs.name);
    if (volume) await ifThere<unknown>(this.volume.remove());
  }
}

let queue: Promise<unknown> = Promise.resolve();

/**
 * Plans hosts of these names in a stack of that name, on addresses and ports that are free; no host is made yet. One lab
 * is planned at a time, so that no two find the same addresses free. The hosts hold the images of the layer store, if any.
 */
export function testLab(
  name: string,
  hosts: string[],
  layersVolume = "",
  kind: HostKind = "container",
): Promise<TestLab> {
  const lab = queue.then(() => makeLab(name, hosts, layersVolume, kind));
  queue = lab.catch(() => undefined);
  return lab;
}

const kinds = { container: containerKind, vm: vmKind };

/** A virtual machine has Debian in its memory, too. */
const memoryMib = { container: 512, vm: 1024 };

async function makeLab(name: string, hosts: string[], layersVolume: string, kind: HostKind): Promise<TestLab> {
  const engine = await outerEngine();
  const stack = `lab-${name}-${process.pid}`;
  const plan = planStack({
    project: "drydock-test",
    stack,
    config: configOf({ ...(await freePlace(engine, stack)), hosts: { memoryMib: memoryMib[kind], cpus: 1 } }),
    lab: { slug: "none", hosts: hosts.map((host) => ({ name: host, role: "host" })), images: [] },
    home: `${hostname()}:tests`,
  });
  const engineUrl = outerEngineUrl();
  const { tag: image } = await ensureImage(engine, hostKinds[kind].image);
  const { outputs: bridge } = await labBridge.create({ engineUrl, labels: plan.labels, ...plan.network });
  const { outputs: access } = await sshKey.create({ comment: stack });
  const ports = await freePorts(hosts.length);
  const made = plan.hosts.map(async (host, number) => {
    const sshPort = ports[number] ?? host.sshPort;
    const { outputs: identity } = await sshKey.create({ comment: host.name });
    const inputs: HostContainerInputs = {
      engineUrl,
      kind,
      name: host.container,
      hostname: host.name,
      image,
      network: plan.network.name,
      networkId: bridge.networkId,
      address: host.address,
      sshPort,
      labels: { ...plan.labels, [label.host]: host.name },
      memoryMib: host.memoryMib + hostKinds[kind].overheadMib,
      cpus: host.cpus,
      pids: 1024,
      volume: host.volume,
      layersVolume,
      files: kinds[kind].files({
        plan,
        host,
        mirror: `${plan.registry.address}:5000`,
        hostKey: identity,
        authorizedKey: access.publicKey,
      }),
    };
    const target = { host: "127.0.0.1", port: sshPort, user: "root" };
    return new TestHost(engine, inputs, {
      ...target,
      hostKey: identity.publicKey,
      privateKey: access.privateKey,
    });
  });
  const all = new Map((await Promise.all(made)).map((host) => [host.member.name, host]));
  return {
    engine,
    plan,
    host: (host) => {
      const found = all.get(host);
      if (!found) throw new Error(`no host ${host}; there are ${[...all.keys()].join(", ")}`);
      return found;
    },
    remove: async () => {
      await Promise.all([...all.values()].map((host) => host.lose({ volume: true })));
      await ifThere<unknown>(engine.getNetwork(plan.network.name).remove());
    },
  };
}

/** Ports of loopback that the system gives out, so that labs made at the same time get others. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
