import { OverlayNetwork } from "../components/overlayNetwork.ts";
import { SwarmCluster } from "../components/swarmCluster.ts";
import type { Build } from "../labs/lab.ts";
import { hostsByRole } from "../labs/topology.ts";
import { overlay } from "./lab.ts";

/** A Swarm of all hosts and an attachable overlay across it. */
export const build: Build = ({ plan, hosts, parent }) => {
  const swarm = new SwarmCluster("swarm", { plan, ...hostsByRole(plan, hosts) }, { parent });
  const network = new OverlayNetwork(overlay, { swarm, network: overlay }, { parent });
  return { swarm: swarm.output, networks: [network.output] };
};
