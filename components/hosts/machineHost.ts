import * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../access/sshConfig.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput, StackOutputs } from "../../stacks/outputs.ts";
import type { HostPlan, Plan } from "../../stacks/plan.ts";
import { HostImages, HostReady, type SshKey } from "../resources.ts";
import type { LabHost } from "./labHost.ts";
import { factsOf, outputOf } from "./readyOutputs.ts";

export interface MachineHostArgs {
  plan: Plan;
  host: HostPlan;
  /** Where its sshd is, at the plan's port, and the key that it shows: "ssh-ed25519 AAAA...". */
  sshd: { host: pulumi.Input<string>; hostKey: pulumi.Input<string> };
  /** The learner's key to all hosts of the stack, which lets in as root. */
  access: SshKey;
  /** Changes when the machine is another, or was made anew. */
  incarnation: pulumi.Output<string>;
  goesWith: pulumi.Resource;
  /** Seconds that its engine has to answer. */
  readyDeadlineSec: number;
  /** Where its images are to come from. */
  imageSource: Plan["imageSource"];
  /** MTU in bytes of its link to the other hosts; that of its default route by default. */
  linkMtu?: pulumi.Input<number>;
}

/** A host that is a machine on no engine of ours. It has no mirror, so it is given the lab's images. */
export class MachineHost extends pulumi.ComponentResource implements LabHost {
  readonly name: string;
  readonly address: string;
  readonly ssh: pulumi.Output<SshTarget>;
  readonly facts: pulumi.Output<HostReadyOutputs>;
  readonly incarnation: pulumi.Output<string>;
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<HostOutput>;
  readonly alias: pulumi.Output<SshAlias>;
  readonly images: HostImages;

  constructor(name: string, args: MachineHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:MachineHost", name, {}, opts);
    const { plan, host, sshd, access, incarnation, goesWith, readyDeadlineSec, imageSource, linkMtu } = args;
    this.name = host.name;
    this.address = host.address;
    this.goesWith = goesWith;
    this.incarnation = incarnation;
    this.alias = pulumi
      .output(sshd)
      .apply(({ host: address, hostKey }) => ({ alias: host.container, host: address, port: host.sshPort, hostKey }));
    const target = { ...sshd, port: host.sshPort, user: "root" };
    this.ssh = pulumi.secret({ ...target, privateKey: access.privateKey });
    const ready = new HostReady(
      `${name}-ready`,
      { host: host.name, ssh: this.ssh, deadlineSec: readyDeadlineSec, containerId: incarnation },
      { parent: this },
    );
    this.images = new HostImages(
      `${name}-images`,
      { host: host.name, ssh: this.ssh, incarnation, images: plan.images, source: imageSource },
      { parent: this, dependsOn: [ready] },
    );
    this.facts = factsOf(ready, { linkMtu, images: this.images });
    this.output = outputOf(host, target, ready);
    this.registerOutputs({ address: this.address });
  }
}

/** What such hosts ask for images beyond the lab's: Docker Hub itself. */
export const hubOf = (hosts: readonly MachineHost[]): pulumi.Output<StackOutputs["registry"]> =>
  pulumi
    .all(hosts.map(({ images }) => images.origin))
    .apply(([source = "registry"]) => ({ address: "docker.io", source }));
