import { SwarmCluster } from "../../components/swarmCluster.ts";
import type { Build } from "../lab.ts";
import { hostsByRole } from "../topology.ts";

/** A Swarm of both hosts; the networks are the learner's. */
export const build: Build = ({ plan, hosts, parent }) => {
  const swarm = new SwarmCluster("swarm", { plan, ...hostsByRole(plan, hosts) }, { parent });
  return { swarm: swarm.output };
};
