import type * as pulumi from "@pulumi/pulumi";
import { vmFiles } from "./vmFiles.ts";
import { LocalHost, type LocalHostArgs, type LocalKind } from "./localHost.ts";

export const vmKind: LocalKind = {
  kind: "vm",
  // Emulated, and several at once on two cores: see docs/virtual-machines.md.
  readyDeadlineSec: 600,
  files: vmFiles,
};

/** A host that is a virtual machine: a QEMU guest in a container on the learner's engine. */
export class VmHost extends LocalHost {
  constructor(name: string, args: LocalHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super(vmKind, name, args, opts);
  }
}
