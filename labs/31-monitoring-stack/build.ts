import { MonitoringStack } from "../../components/monitoring/monitoringStack.ts";
import { SwarmCluster } from "../../components/swarmCluster.ts";
import type { Build } from "../lab.ts";
import { hostsByRole } from "../topology.ts";

/** A Swarm of all hosts, and their metrics in a Prometheus on its manager. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { managers, workers } = hostsByRole(plan, hosts);
  const swarm = new SwarmCluster("swarm", { plan, managers, workers }, { parent });
  const [store] = managers;
  if (!store) throw new Error("monitoring-stack has no manager to keep the metrics on");
  const metrics = new MonitoringStack("metrics", { plan, hosts: [...managers, ...workers], store }, { parent });
  return { swarm: swarm.output, components: metrics.outputs };
};
