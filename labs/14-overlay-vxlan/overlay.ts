import type { CheckHost } from "../check.ts";
import type { ContainerState, NetworkState } from "../engineState.ts";

/** An overlay network's number on the wire; undefined where the manager knows no overlay of that name. */
export async function vniOf(manager: CheckHost, network: string): Promise<number | undefined> {
  const overlay = await findOverlay(manager, network);
  const list = overlay?.Options?.["com.docker.network.driver.overlay.vxlanid_list"];
  return list === undefined ? undefined : Number(list);
}

/** The overlay of that name. */
export async function findOverlay(manager: CheckHost, network: string): Promise<NetworkState | undefined> {
  const networks = await manager.engine<NetworkState[]>("/networks");
  return networks.find(({ Name, Driver }) => Name === network && Driver === "overlay");
}

/** Where a container is on a network. */
export interface Endpoint {
  address: string;
  mac: string;
}

/** A running container's place on a network; undefined where it does not run or is not on that network. */
export async function endpointOf(host: CheckHost, container: string, network: string): Promise<Endpoint | undefined> {
  const containers = await host.engine<ContainerState[]>("/containers/json");
  const endpoint = containers.find(({ Names }) => Names.includes(`/${container}`))?.NetworkSettings.Networks[network];
  return endpoint && { address: endpoint.IPAddress, mac: endpoint.MacAddress };
}
