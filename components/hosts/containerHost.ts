import type * as pulumi from "@pulumi/pulumi";
import { daemonConfig } from "./daemonConfig.ts";
import { LocalHost, type LocalHostArgs, type LocalKind } from "./localHost.ts";

export const containerKind: LocalKind = {
  kind: "container",
  // A loaded laptop takes 10, a bare start 1.4.
  readyDeadlineSec: 120,
  files: ({ plan, mirror, hostKey, authorizedKey }) => ({
    "/etc/drydock/ssh_host_ed25519_key": hostKey.privateKey,
    "/etc/drydock/authorized_keys": authorizedKey,
    "/etc/docker/daemon.json": daemonConfig(plan, mirror),
    "/root/lab/overlay-pool": `${plan.swarm.overlayBase}\n`,
  }),
};

/** A host that is a container on the learner's engine. */
export class ContainerHost extends LocalHost {
  constructor(name: string, args: LocalHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super(containerKind, name, args, opts);
  }
}
