import { remote, types } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "./hosts/labHost.ts";

export interface LabFilesArgs {
  host: LabHost;
  /** Paths of the files on this machine, by the name that they have on the host. */
  files: Record<string, string>;
}

/** Where a lab's files are on a host. */
const folder = "/root/lab";

/** The files that a lab gives its learner, copied to a host; again when they change or the host was made anew. */
export class LabFiles extends pulumi.ComponentResource {
  constructor(name: string, { host, files }: LabFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:LabFiles", name, {}, opts);
    const connection = pulumi.all([host.ssh, host.facts]).apply(([ssh]): types.input.remote.ConnectionArgs => ssh);
    const common = { connection, triggers: [host.incarnation] };
    const child = { parent: this, deletedWith: host.goesWith };
    const made = new remote.Command(
      `${name}-folder`,
      { ...common, create: `mkdir -p ${folder}`, addPreviousOutputInEnv: false, logging: "none" },
      child,
    );
    for (const [file, path] of Object.entries(files)) {
      new remote.CopyToRemote(
        `${name}-${file}`,
        { ...common, source: new pulumi.asset.FileAsset(path), remotePath: `${folder}/${file}` },
        { ...child, dependsOn: [made] },
      );
    }
    this.registerOutputs();
  }
}
