import * as pulumi from "@pulumi/pulumi";
import { vmFiles } from "./vmFiles.ts";
import { LocalHost, type LocalHostArgs, type LocalKind } from "./localHost.ts";

/** Memory in MiB that QEMU takes beside its guest's: 256 of it hold translated code where there is no KVM. */
export const vmOverheadMib = 512;

const vmKind: LocalKind = {
  kind: "vm",
  overheadMib: vmOverheadMib,
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
