import * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../../access/sshConfig.ts";
import type { SshTarget } from "../../../engine/ssh.ts";
import type { HostReadyOutputs } from "../../../provider/resources/hostReady.ts";
import { label } from "../../../stacks/labels.ts";
import type { HostOutput } from "../../../stacks/outputs.ts";
import type { HostPlan, Plan } from "../../../stacks/plan.ts";
import type { PlannedMachine, SshPlan } from "../../../stacks/ssh/plan.ts";
import { HostImages, HostReady, Machine, type Machines, type SshKey } from "../../resources.ts";
import { daemonConfig } from "../daemonConfig.ts";
import type { LabHost } from "../labHost.ts";
import { factsOf, outputOf } from "../readyOutputs.ts";
import { packages } from "./packages.ts";

export interface SshHostArgs {
  plan: Plan;
  host: HostPlan;
  machine: PlannedMachine;
  ssh: SshPlan;
  /** The machines of the stack, looked at. */
  checked: Machines;
  /** The learner's key to all hosts of the stack. */
  access: SshKey;
}

/** Seconds that an engine has to answer once it has been started. */
const readyDeadlineSec = 120;

/** A host that is a machine which exists, and is put back as it was found when the host goes. */
export class SshHost extends pulumi.ComponentResource implements LabHost {
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

  constructor(
    name: string,
    { plan, host, machine, ssh, checked, access }: SshHostArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("drydock:index:SshHost", name, {}, opts);
    const { login } = machine;
    const { host: address, port, hostKey } = login;
    this.name = host.name;
    this.address = host.address;
    this.goesWith = checked;
    const learner = plan.sshKey === undefined ? [] : [plan.sshKey];
    const prepared = new Machine(
      name,
      {
        ...machine,
        identity: ssh.identity,
        installEngine: ssh.installEngine,
        packages,
        labels: { ...plan.labels, [label.host]: host.name },
        daemonJson: daemonConfig(plan),
        authorizedKeys: pulumi.all([access.publicKey, ...learner]),
        names: Object.fromEntries(plan.hosts.map(({ name, address }) => [name, address])),
        overlayPool: plan.swarm.overlayBase,
      },
      { parent: this, dependsOn: [checked] },
    );
    this.incarnation = prepared.recordId;
    this.alias = pulumi.output({ alias: host.container, host: address, port, hostKey });
    const target = { host: address, port, user: "root", hostKey };
    this.ssh = pulumi.secret({ ...target, privateKey: access.privateKey });
    const ready = new HostReady(
      `${name}-ready`,
      { host: host.name, ssh: this.ssh, deadlineSec: readyDeadlineSec, containerId: prepared.recordId },
      { parent: this },
    );
    const images = new HostImages(
      `${name}-images`,
      {
        ...{ host: host.name, ssh: this.ssh, incarnation: prepared.recordId },
        ...{ images: plan.images, source: plan.imageSource },
      },
      { parent: this, dependsOn: [ready] },
    );
    this.imageSource = images.origin;
    // Of the links between the machines, which the default route need not lead over.
    this.facts = factsOf(ready, { linkMtu: checked.mtu, images });
    this.output = outputOf(host, target, ready);
    this.registerOutputs({ address: this.address });
  }
}
