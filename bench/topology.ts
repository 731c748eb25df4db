import { daemonConfig } from "../components/hosts/daemonConfig.ts";
import type { SshTarget } from "../engine/ssh.ts";
import type { LabImages } from "../images/labImages.ts";
import type { HostContainerInputs } from "../provider/resources/hostContainer.ts";
import { sshKey, type SshKeyOutputs } from "../provider/resources/sshKey.ts";
import type { HostPlan, Plan } from "../stacks/plan.ts";

/** What every way makes: the same plan and images, under names and labels of its own. */
export interface Topology {
  plan: Plan;
  registry: RegistrySpec;
  manager: HostSpec;
  workers: HostSpec[];
}

/** A host's container, and how to reach it. */
export interface HostSpec extends HostContainerInputs {
  ssh: SshTarget;
}

/** The lab's registry, as components/labRegistry.ts makes it. */
export interface RegistrySpec {
  name: string;
  hostname: string;
  image: string;
  address: string;
  environment: string[];
  memoryMib: number;
}

/** All hosts, the manager first. */
export const hostsOf = ({ manager, workers }: Topology): HostSpec[] => [manager, ...workers];

/** Draws the keys that a plan needs, and puts all together. @throws Error for a plan without hosts. */
export async function topologyOf(plan: Plan, images: LabImages, engineUrl: string): Promise<Topology> {
  const access = await newKey(plan.prefix);
  const [manager, ...workers] = await Promise.all(
    plan.hosts.map(async (host) =>
      hostSpec(plan, host, { images, engineUrl, access, own: await newKey(host.container) }),
    ),
  );
  if (!manager) throw new Error("a Swarm needs a host");
  const { container: name, address } = plan.registry;
  const { mirrorImage: image, mirrorEnvironment: environment } = images;
  return {
    plan,
    registry: { name, hostname: "registry", image, address, environment, memoryMib: 256 },
    manager,
    workers,
  };
}

interface HostParts {
  images: LabImages;
  engineUrl: string;
  /** The learner's key, and the host's own. */
  access: SshKeyOutputs;
  own: SshKeyOutputs;
}

function hostSpec(plan: Plan, host: HostPlan, { images, engineUrl, access, own }: HostParts): HostSpec {
  return {
    engineUrl,
    name: host.container,
    hostname: host.name,
    kind: "container",
    image: images.hostImage,
    network: plan.network.name,
    networkId: "",
    address: host.address,
    sshPort: host.sshPort,
    labels: { ...plan.labels, "drydock.host": host.name },
    memoryMib: host.memoryMib,
    cpus: host.cpus,
    pids: host.pids,
    volume: host.volume,
    layersVolume: images.layersVolume,
    files: {
      "/etc/drydock/ssh_host_ed25519_key": own.privateKey,
      "/etc/drydock/authorized_keys": access.publicKey,
      "/etc/docker/daemon.json": daemonConfig(plan, `${plan.registry.address}:5000`),
    },
    ssh: {
      host: "127.0.0.1",
      port: host.sshPort,
      user: "root",
      hostKey: own.publicKey,
      privateKey: access.privateKey,
    },
  };
}

const newKey = async (comment: string) => (await sshKey.create({ comment })).outputs;
