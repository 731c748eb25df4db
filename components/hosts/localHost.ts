import * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../access/sshConfig.ts";
import { isRemote } from "../../engine/remoteMachine.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import { hostKinds, type HostKind } from "../../images/hostKinds.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";
import type { HostPlan, Plan } from "../../stacks/plan.ts";
import type { LabNetwork } from "../labNetwork.ts";
import { HostContainer, HostReady, HostVolume, SshKey, type LabImages } from "../resources.ts";
import type { LabHost } from "./labHost.ts";
import { factsOf, outputOf } from "./readyOutputs.ts";

export interface LocalHostArgs {
  plan: Plan;
  host: HostPlan;
  /** The outer engine's URL. */
  engineUrl: string;
  network: LabNetwork;
  images: LabImages;
  /** "host:port" of the lab's registry. */
  mirror: string;
  /** The learner's key to all hosts of the stack. */
  access: SshKey;
}

/** What the files of a host are made from. */
export interface HostFilesArgs {
  plan: Plan;
  host: HostPlan;
  mirror: string;
  /** The host's own SSH key. */
  hostKey: { privateKey: string; publicKey: string };
  /** The learner's public key. */
  authorizedKey: string;
}

/** What a kind of host on the learner's engine has of its own. */
export interface LocalKind {
  kind: HostKind;
  /** Seconds that a host has from its start until its engine answers. */
  readyDeadlineSec: number;
  /** Files that its container has, by path, of mode 600. */
  files: (args: HostFilesArgs) => Record<string, string>;
}

/** Types of the kinds: a host that becomes one of another kind is the same resource. */
const types: Record<HostKind, string> = { container: "drydock:index:ContainerHost", vm: "drydock:index:VmHost" };

/** A host that is a container on the learner's engine, or runs in one, with a dockerd and an sshd of its own. */
export abstract class LocalHost extends pulumi.ComponentResource implements LabHost {
  readonly address: string;
  readonly ssh: pulumi.Output<SshTarget>;
  readonly facts: pulumi.Output<HostReadyOutputs>;
  readonly incarnation: pulumi.Output<string>;
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<HostOutput>;
  readonly alias: pulumi.Output<SshAlias>;
  readonly name: string;

  constructor(
    { kind, readyDeadlineSec, files }: LocalKind,
    name: string,
    args: LocalHostArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const aliases = Object.values(types).map((type) => ({ type }));
    super(types[kind], name, {}, { ...opts, aliases });
    const { plan, host, engineUrl, network, images, mirror, access } = args;
    this.name = host.name;
    this.address = host.address;
    this.goesWith = network.network;

    const identity = new SshKey(`${name}-identity`, { comment: host.container }, { parent: this });
    const labels = { ...plan.labels, "drydock.host": host.name };
    const volume = new HostVolume(
      `${name}-docker`,
      {
        engineUrl,
        name: host.volume,
        // What is in it links into the layer store, so with another store it is another volume.
        labels: images.layersVolume.apply((layers) => ({ ...labels, "drydock.layers": layers })),
      },
      { parent: this },
    );
    const container = new HostContainer(
      name,
      {
        engineUrl,
        kind,
        name: host.container,
        hostname: host.name,
        image: images.hostImage,
        network: network.name,
        networkId: network.network.networkId,
        address: host.address,
        sshPort: host.sshPort,
        labels,
        memoryMib: host.memoryMib + hostKinds[kind].overheadMib,
        cpus: host.cpus,
        pids: host.pids,
        volume: volume.name,
        layersVolume: images.layersVolume,
        files: pulumi.secret(
          pulumi
            .all([identity.privateKey, identity.publicKey, access.publicKey])
            .apply(([privateKey, publicKey, authorizedKey]) =>
              files({ plan, host, mirror, hostKey: { privateKey, publicKey }, authorizedKey }),
            ),
        ),
      },
      { parent: this },
    );

    const by = isRemote(engineUrl) ? { via: engineUrl } : {};
    this.alias = identity.publicKey.apply((hostKey) => ({ alias: host.container, port: host.sshPort, hostKey, ...by }));
    this.incarnation = container.containerId;
    const ssh = { host: "127.0.0.1", port: host.sshPort, user: "root", hostKey: identity.publicKey, ...by };
    this.ssh = pulumi.secret({ ...ssh, privateKey: access.privateKey });
    const ready = new HostReady(
      `${name}-ready`,
      {
        host: host.name,
        ssh: this.ssh,
        deadlineSec: readyDeadlineSec,
        engineUrl,
        containerId: container.containerId,
      },
      { parent: this },
    );
    this.facts = factsOf(ready);
    this.output = outputOf(host, ssh, ready);
    this.registerOutputs({ address: this.address });
  }
}
