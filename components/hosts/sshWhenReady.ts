import * as pulumi from "@pulumi/pulumi";
import type { SshTarget } from "../../engine/ssh.ts";
import type { LabHost } from "./labHost.ts";

/** How a host is reached; resolves once its engine answers. */
export const sshWhenReady = ({ ssh, facts }: LabHost): pulumi.Output<SshTarget> =>
  pulumi.all([ssh, facts]).apply(([target]) => target);
