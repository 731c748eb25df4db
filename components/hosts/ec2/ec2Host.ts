import { getInstanceOutput, Instance, type Subnet } from "@pulumi/aws/ec2/index.js";
import { InstanceState } from "@pulumi/aws/ec2transitgateway/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../../access/sshConfig.ts";
import type { SshTarget } from "../../../engine/ssh.ts";
import type { HostReadyOutputs } from "../../../provider/resources/hostReady.ts";
import { tagsOf } from "../../../stacks/ec2/tags.ts";
import type { HostOutput } from "../../../stacks/outputs.ts";
import type { HostPlan, Plan } from "../../../stacks/plan.ts";
import { HostReady, SshKey } from "../../resources.ts";
import { cloudConfig } from "../cloudConfig.ts";
import { daemonConfig } from "../daemonConfig.ts";
import type { LabHost } from "../labHost.ts";
import type { HostIdentity } from "./hostIdentity.ts";
import type { Ec2Network } from "./network.ts";
import { packages } from "./packages.ts";

export interface Ec2HostArgs {
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

/** Seconds from the start of an instance until its engine answers: it boots, and gets its packages from Debian. */
const readyDeadlineSec = 900;

/** A host that is an EC2 instance, made what it is by cloud-init. */
export class Ec2Host extends pulumi.ComponentResource implements LabHost {
  readonly name: string;
  readonly address: string;
  readonly ssh: pulumi.Output<SshTarget>;
  readonly facts: pulumi.Output<HostReadyOutputs>;
  readonly incarnation: pulumi.Output<string>;
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<HostOutput>;
  readonly alias: pulumi.Output<SshAlias>;

  constructor(name: string, args: Ec2HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:Ec2Host", name, {}, opts);
    const { plan, host, instanceType, ami, diskGib, spot, network, subnet, identity, access } = args;
    this.name = host.name;
    this.address = host.address;
    this.goesWith = network.vpc;

    const hostKey = new SshKey(`${name}-identity`, { comment: host.container }, { parent: this });
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
        userData: pulumi.secret(
          pulumi.all([hostKey.privateKey, hostKey.publicKey, access.publicKey]).apply(([privateKey, publicKey, own]) =>
            cloudConfig({
              hostname: host.name,
              hostKey: { privateKey, publicKey },
              authorizedKeys: [own],
              daemonJson: daemonConfig(plan),
              files: { "/root/lab/overlay-pool": `${plan.swarm.overlayBase}\n` },
              names: Object.fromEntries(plan.hosts.map(({ name, address }) => [name, address])),
              packages,
            }),
          ),
        ),
        // cloud-init looks at them once, at the first boot.
        userDataReplaceOnChange: true,
        tags,
      },
      {
        parent: this,
        dependsOn: network.routes,
        // The next has its address.
        deleteBeforeReplace: true,
        // A newer image is no reason to make a host anew.
        ignoreChanges: plan.ec2?.ami === undefined ? ["ami"] : [],
      },
    );
    const running = new InstanceState(
      `${name}-running`,
      { instanceId: instance.id, state: "running" },
      { parent: this },
    );
    // One that was stopped has another public address when it runs again.
    const { publicIp } = getInstanceOutput({ instanceId: running.instanceId }, { parent: this });

    this.incarnation = instance.id;
    this.alias = pulumi
      .all([publicIp, hostKey.publicKey])
      .apply(([address, key]) => ({ alias: host.container, host: address, port: host.sshPort, hostKey: key }));
    const ssh = { host: publicIp, port: host.sshPort, user: "root", hostKey: hostKey.publicKey };
    this.ssh = pulumi.secret({ ...ssh, privateKey: access.privateKey });
    const ready = new HostReady(
      `${name}-ready`,
      { host: host.name, ssh: this.ssh, deadlineSec: readyDeadlineSec, containerId: instance.id },
      { parent: this },
    );
    this.facts = pulumi.output({
      engineVersion: ready.engineVersion,
      cgroupVersion: ready.cgroupVersion,
      linkMtu: ready.linkMtu,
      capabilities: ready.capabilities,
    });
    this.output = pulumi.output({
      name: host.name,
      role: host.role,
      labels: host.labels,
      address: host.address,
      container: host.container,
      ssh,
      engineVersion: ready.engineVersion,
      cgroupVersion: ready.cgroupVersion,
      capabilities: ready.capabilities,
    });
    this.registerOutputs({ address: this.address });
  }
}
