import * as pulumi from "@pulumi/pulumi";
import { inUtc, soonMs } from "../stacks/expiry.ts";
import type { Plan } from "../stacks/plan.ts";
import type { LabHost } from "./hosts/labHost.ts";
import { sshWhenReady } from "./hosts/sshWhenReady.ts";
import { learnerKeys } from "./learnerKeys.ts";
import { HostFiles } from "./resources.ts";

export interface HostAccessArgs {
  plan: Pick<Plan, "expiry" | "sshKey">;
  host: LabHost;
}

/**
 * What a learner meets at log-in and can change while the host stands: their own SSH key, and when the host goes. Files, so
 * that another key or more time costs no host.
 */
export class HostAccess extends pulumi.ComponentResource {
  constructor(name: string, { plan, host }: HostAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("drydock:index:HostAccess", name, {}, opts);
    const { expiry, sshKey } = plan;
    const files = {
      ...(sshKey === undefined ? {} : { [learnerKeys]: { content: `${sshKey}\n`, mode: 0o600 } }),
      ...(expiry === undefined
        ? {}
        : { "/etc/profile.d/drydock-expiry.sh": { content: expiryScript(expiry), mode: 0o644 } }),
    };
    new HostFiles(
      name,
      { host: host.name, ssh: sshWhenReady(host), incarnation: host.incarnation, files },
      { parent: this, deletedWith: host.goesWith },
    );
    this.registerOutputs();
  }
}

/** Says at log-in when the host goes, and what is left of its time once that is little. */
export function expiryScript(expiry: string): string {
  const at = Math.floor(new Date(expiry).getTime() / 1_000);
  return `drydock_left=$(( (${at} - $(date +%s)) / 60 ))
if [ $drydock_left -lt 0 ]; then
  echo "This host's time was over at ${inUtc(expiry)}: it may be taken away at any moment. Save what you need."
elif [ $drydock_left -le ${soonMs / 60_000} ]; then
  echo "This host is taken away in $((drydock_left / 60)) h $((drydock_left % 60)) min, at ${inUtc(expiry)}. Save what you need."
else
  echo "This host is taken away at ${inUtc(expiry)}."
fi
unset drydock_left
`;
}
