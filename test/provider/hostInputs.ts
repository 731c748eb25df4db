import type { HostContainerInputs } from "../../provider/resources/hostContainer.ts";

/** A host `a` of the stack dev. */
export function hostInputs(inputs: Partial<HostContainerInputs> = {}): HostContainerInputs {
  return {
    engineUrl: "unix:///none.sock",
    kind: "container",
    name: "drydock-dev-a",
    hostname: "a",
    image: "host:1",
    network: "drydock-dev",
    networkId: "n1",
    address: "10.64.0.11",
    sshPort: 20001,
    labels: { "drydock.project": "drydock", "drydock.stack": "dev", "drydock.home": "box:/home", "drydock.host": "a" },
    memoryMib: 512,
    cpus: 1.5,
    pids: 999,
    volume: "drydock-dev-a-docker",
    layersVolume: "layers-1",
    files: { "/etc/drydock/key": "secret key", "/etc/docker/daemon.json": "{}" },
    ...inputs,
  };
}
