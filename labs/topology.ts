import type { LabHost } from "../components/hosts/labHost.ts";
import type { Lab } from "./lab.ts";

/** A Swarm's hosts as SwarmCluster takes them. */
export interface SwarmHosts {
  managers: LabHost[];
  workers: LabHost[];
}

/** A lab's hosts by the role that it declares them in. */
export function hostsByRole({ hosts: specs }: Pick<Lab, "hosts">, made: Record<string, LabHost>): SwarmHosts {
  const inRole = (role: "manager" | "worker") =>
    specs
      .filter((spec) => spec.role === role)
      .map(({ name }) => {
        const host = made[name];
        if (!host) throw new Error(`the stack has made no host "${name}", only ${Object.keys(made).join(", ")}`);
        return host;
      });
  return { managers: inRole("manager"), workers: inRole("worker") };
}
