import { getInstanceOutput, Instance, type Subnet } from "@pulumi/aws/ec2/index.js";
import { InstanceState } from "@pulumi/aws/ec2transitgateway/index.js";
import * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import type { HostPlan, Plan } from "../../../stacks/plan.ts";
import { SshKey } from "../../resources.ts";
import { cloudConfig } from "../cloudConfig.ts";
import { daemonConfig } from "../daemonConfig.ts";
import type { HostIdentity } from "./hostIdentity.ts";
import type { Ec2Network } from "./network.ts";
import { packages } from "./packages.ts";

export interface Ec2MachineArgs {
  plan: Plan;
  host: HostPlan;
  instanceType: string;
  ami: pulumi.Input<string>;
  /** Size of its disk. */
  diskGib: number;
  spot: boolean;
  network: Ec2Network;
  /** The one of the network's subnets that has the host's address. */
  subnet: Subnet;
  identity: HostIdentity;
  /** The learner's key to all hosts of the stack. */
  access: SshKey;
}

/** An EC2 instance that runs, and that its first boot makes a host. */
export class Ec2Machine extends pulumi.ComponentResource {
  readonly host: HostPlan;
  readonly instanceId: pulumi.Output<string>;
  readonly publicAddress: pulumi.Output<string>;
  /** Public part of its pinned SSH key. */
  readonly hostKey: pulumi.Output<string>;
  readonly network: Ec2Network;

  constructor(name: string, args: Ec2MachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:Ec2Machine", name, {}, opts);
    const { plan, host, instanceType, ami, diskGib, spot, network, subnet, identity, access } = args;
    const child = { parent: this };
    const hostKey = new SshKey(`${name}-identity`, { comment: host.container }, child);
    const tags = tagsOf({ ...plan.labels, "drydock.host": host.name, Name: host.container });
    const instance = new Instance(
      name,
      {
        ami,
        instanceType,
        subnetId: subnet.id,
        privateIp: host.address,
        vpcSecurityGroupIds: [network.firewall.group.id],
        keyName: identity.keyPair.keyName,
        iamInstanceProfile: identity.profile.name,
        // A hop more and containers would reach it, with the user data that hold the host's key.
        metadataOptions: {
          httpEndpoint: "enabled",
          httpTokens: "required",
          httpPutResponseHopLimit: 1,
          instanceMetadataTags: "disabled",
        },
        rootBlockDevice: { volumeType: "gp3", volumeSize: diskGib, encrypted: true, deleteOnTermination: true, tags },
        ...(spot
          ? { instanceMarketOptions: { marketType: "spot", spotOptions: { spotInstanceType: "one-time" } } }
          : {}),
        userData: pulumi.secret(userData(plan, host, hostKey, access)),
        // cloud-init looks at them once, at the first boot.
        userDataReplaceOnChange: true,
        tags,
      },
      {
        ...child,
        dependsOn: network.routes,
        // The next has its address.
        deleteBeforeReplace: true,
        // A newer image is no reason to make a host anew.
        ignoreChanges: plan.ec2?.ami === undefined ? ["ami"] : [],
      },
    );
    const running = new InstanceState(`${name}-running`, { instanceId: instance.id, state: "running" }, child);

    this.host = host;
    this.network = network;
    this.instanceId = instance.id;
    // One that was stopped has another when it runs again.
    this.publicAddress = getInstanceOutput({ instanceId: running.instanceId }, child).publicIp;
    this.hostKey = hostKey.publicKey;
    this.registerOutputs({ instanceId: this.instanceId });
  }
}

const userData = (plan: Plan, host: HostPlan, hostKey: SshKey, access: SshKey): pulumi.Output<string> =>
  pulumi.all([hostKey.privateKey, hostKey.publicKey, access.publicKey]).apply(([privateKey, publicKey, learners]) =>
    cloudConfig({
      hostname: host.name,
      hostKey: { privateKey, publicKey },
      authorizedKeys: [learners],
      daemonJson: daemonConfig(plan),
      files: { "/root/lab/overlay-pool": `${plan.swarm.overlayBase}\n` },
      names: Object.fromEntries(plan.hosts.map(({ name, address }) => [name, address])),
      packages,
    }),
  );
