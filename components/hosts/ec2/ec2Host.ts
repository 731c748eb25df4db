import * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../../access/sshConfig.ts";
import type { SshTarget } from "../../../engine/ssh.ts";
import type { HostReadyOutputs } from "../../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../../stacks/outputs.ts";
import type { Plan } from "../../../stacks/plan.ts";
import { HostImages, HostReady, type SshKey } from "../../resources.ts";
import type { LabHost } from "../labHost.ts";
import { factsOf, outputOf } from "../readyOutputs.ts";
import type { Ec2Machine } from "./ec2Machine.ts";

export interface Ec2HostArgs {
  plan: Plan;
  machine: Ec2Machine;
  /** The learner's key to all hosts of the stack. */
  access: SshKey;
}

/** Seconds from the start of an instance until its engine answers: it boots, and gets its packages from Debian. */
const readyDeadlineSec = 900;

/** A host that is an EC2 instance, once its engine answers. */
export class Ec2Host extends pulumi.ComponentResource implements LabHost {
  readonly name: string;
  readonly address: string;
  readonly ssh: pulumi.Output<SshTarget>;
  readonly facts: pulumi.Output<HostReadyOutputs>;
  readonly incarnation: pulumi.Output<string>;
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<HostOutput>;
  readonly alias: pulumi.Output<SshAlias>;
  /** Where its images came from. */
  readonly imageSource: pulumi.Output<"registry" | "bootstrap">;

  constructor(name: string, { plan, machine, access }: Ec2HostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:Ec2Host", name, {}, opts);
    const { host, hostKey, instanceId, publicAddress, network } = machine;
    this.name = host.name;
    this.address = host.address;
    this.goesWith = network.vpc;
    this.incarnation = instanceId;
    this.alias = pulumi
      .all([publicAddress, hostKey])
      .apply(([address, key]) => ({ alias: host.container, host: address, port: host.sshPort, hostKey: key }));
    const ssh = { host: publicAddress, port: host.sshPort, user: "root", hostKey };
    this.ssh = pulumi.secret({ ...ssh, privateKey: access.privateKey });
    const ready = new HostReady(
      `${name}-ready`,
      { host: host.name, ssh: this.ssh, deadlineSec: readyDeadlineSec, containerId: instanceId },
      { parent: this },
    );
    const images = new HostImages(
      `${name}-images`,
      // A laptop's line is slower than the host's own.
      {
        ...{ host: host.name, ssh: this.ssh, incarnation: instanceId },
        ...{ images: plan.images, source: plan.imageSource === "bootstrap" ? "bootstrap" : "registry" },
      },
      { parent: this, dependsOn: [ready] },
    );
    this.imageSource = images.origin;
    this.facts = factsOf(ready, { images });
    this.output = outputOf(host, ssh, ready);
    this.registerOutputs({ address: this.address });
  }
}
