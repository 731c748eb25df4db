import { label } from "../../stacks/labels.ts";
import type { Plan } from "../../stacks/plan.ts";
import type { World } from "../../stacks/world.ts";

export const emptyWorld: World = {
  networks: [],
  containers: [],
  volumes: [],
  contexts: [],
  listeningPorts: [],
  routes: [],
};

/** What a plan's stack leaves on the engine and the machine while it is up. */
export function worldOf(plan: Plan): World {
  const { labels, network, registry, hosts } = plan;
  return {
    networks: [{ name: network.name, subnets: [network.subnet], labels }],
    containers: [
      { name: registry.container, labels, running: true, ports: [] },
      ...hosts.map(({ name, container, sshPort }) => ({
        name: container,
        labels: { ...labels, [label.host]: name },
        running: true,
        ports: [sshPort],
      })),
    ],
    volumes: hosts.map(({ name, volume }) => ({ name: volume, labels: { ...labels, [label.host]: name } })),
    contexts: hosts.map(({ container }) => ({ name: container, labels })),
    listeningPorts: hosts
      .map(({ sshPort }) => sshPort)
      .map((port) => ({
        port,
        holder: "docker-proxy",
      })),
    routes: [
      { destination: network.subnet, device: "br-drydock" },
      { destination: `${network.gateway}/24`, device: "br-drydock" },
    ],
  };
}

/** Several worlds on one machine. */
export function together(...worlds: World[]): World {
  return {
    networks: worlds.flatMap(({ networks }) => networks),
    containers: worlds.flatMap(({ containers }) => containers),
    volumes: worlds.flatMap(({ volumes }) => volumes),
    contexts: worlds.flatMap(({ contexts }) => contexts),
    listeningPorts: worlds.flatMap(({ listeningPorts }) => listeningPorts),
    routes: worlds.flatMap(({ routes }) => routes),
  };
}
