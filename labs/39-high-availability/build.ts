import { LoadBalancer } from "../../components/loadBalancer/loadBalancer.ts";
import type { Build } from "../lab.ts";

/** A load balancer on the first host, in front of the web server that the learner puts on each. */
export const build: Build = ({ plan, hosts, parent }) => {
  const all = Object.values(hosts);
  const [first] = all;
  if (!first) throw new Error("high-availability has no host for its load balancer");
  const servers = all.map(({ name, address }) => ({ name, address: `${address}:8080` }));
  const front = new LoadBalancer("front", { plan, host: first, servers }, { parent });
  return { components: [front.output] };
};
