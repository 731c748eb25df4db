import type * as pulumi from "@pulumi/pulumi";
import type { SshAlias } from "../../access/sshConfig.ts";
import type { SshTarget } from "../../engine/ssh.ts";
import type { HostReadyOutputs } from "../../provider/resources/hostReady.ts";
import type { HostOutput } from "../../stacks/outputs.ts";

/** A Docker host of a lab, whatever it is made of. */
export interface LabHost {
  /** Its name in the lab, which is its hostname. */
  readonly name: string;
  /** Its address on the lab network. */
  readonly address: string;
  /** How it is reached, and its engine with it. A secret, as it holds the key. */
  readonly ssh: pulumi.Output<SshTarget>;
  /** What it can do, found by looking; resolves once its engine answers. */
  readonly facts: pulumi.Output<HostReadyOutputs>;
  /** Changes when the host was made anew. */
  readonly incarnation: pulumi.Output<string>;
  /** What goes with this resource need not be taken out of the host first. */
  readonly goesWith: pulumi.Resource;
  readonly output: pulumi.Output<HostOutput>;
  /** The host for the learner's own ssh. */
  readonly alias: pulumi.Output<SshAlias>;
}
