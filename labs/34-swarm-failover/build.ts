import { OverlayNetwork } from "../../components/overlayNetwork.ts";
import { SwarmCluster } from "../../components/swarmCluster.ts";
import type { Build } from "../lab.ts";
import { hostsByRole } from "../topology.ts";

/** A Swarm of all hosts and an attachable overlay across it. */
export const build: Build = ({ plan, hosts, parent }) => {
  const swarm = new SwarmCluster("swarm", { plan, ...hostsByRole(plan, hosts) }, { parent });
  const app = new OverlayNetwork("app", { swarm, network: "app", attachable: true }, { parent });
  return { swarm: swarm.output, networks: [app.output] };
};
