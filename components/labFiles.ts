import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import type { LabHost } from "./hosts/labHost.ts";
import { sshWhenReady } from "./hosts/sshWhenReady.ts";
import { HostFiles } from "./resources.ts";

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
    const contents = Object.entries(files).map(([file, path]) => {
      const content = readFileSync(path).toString("base64");
      return [`${folder}/${file}`, { content, encoding: "base64" as const, mode: 0o644 }] as const;
    });
    new HostFiles(
      name,
      {
        host: host.name,
        ssh: sshWhenReady(host),
        incarnation: host.incarnation,
        files: Object.fromEntries(contents),
        mayChange: true,
      },
      { parent: this, deletedWith: host.goesWith },
    );
    this.registerOutputs();
  }
}
