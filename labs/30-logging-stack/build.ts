import { LoggingStack } from "../../components/logging/loggingStack.ts";
import { SwarmCluster } from "../../components/swarmCluster.ts";
import type { Build } from "../lab.ts";
import { hostsByRole } from "../topology.ts";

/** A Swarm of all hosts, and their logs in a Loki on its manager. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { managers, workers } = hostsByRole(plan, hosts);
  const swarm = new SwarmCluster("swarm", { plan, managers, workers }, { parent });
  const all = [...managers, ...workers];
  const [store] = managers;
  if (!store) throw new Error("logging-stack has no manager to keep the logs on");
  const logs = new LoggingStack("logs", { plan, hosts: all, store }, { parent });
  return { swarm: swarm.output, components: logs.outputs };
};
