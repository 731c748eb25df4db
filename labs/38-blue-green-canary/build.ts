import { ReverseProxy } from "../../components/reverseProxy/reverseProxy.ts";
import type { Build } from "../lab.ts";

/** A reverse proxy on the host edge that gives all requests to blue, and knows green. */
export const build: Build = ({ plan, hosts, parent }) => {
  const { edge, blue, green } = hosts;
  if (!edge || !blue || !green)
    throw new Error(`blue-green-canary has only the hosts ${Object.keys(hosts).join(", ")}`);
  const versions = [
    { name: "blue", address: `${blue.address}:8080`, weight: 1 },
    { name: "green", address: `${green.address}:8080`, weight: 0 },
  ];
  const routes = [{ name: "shop", versions }];
  const front = new ReverseProxy("front", { plan, host: edge, routes, healthPath: "/healthz" }, { parent });
  return { components: [front.output] };
};
