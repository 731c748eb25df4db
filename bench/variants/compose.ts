import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { hostPrivileges } from "../../images/hostPrivileges.ts";
import { hostsOf, type HostSpec, type Topology } from "../topology.ts";
import type { Variant, VariantContext } from "../variant.ts";
import { runProcess } from "./runProcess.ts";
import { swarmScript, swarmSettings } from "./swarmScript.ts";

/** Docker Compose for the containers, and a shell script for the Swarm. */
export async function compose(context: VariantContext): Promise<Variant> {
  const { topology, folder, engineUrl, signal, compose: command } = context;
  const file = join(folder, "compose.json");
  await writeFile(file, JSON.stringify(composeFile(topology), undefined, 2), { mode: 0o600 });
  const options = { env: { DOCKER_HOST: engineUrl, ...swarmSettings(topology) }, signal };
  const [program = "", ...first] = command;
  const composed = (...args: string[]) => runProcess(program, [...first, "--file", file, ...args], options);
  const up = async () => {
    await composed("up", "--detach", "--quiet-pull");
    await runProcess("sh", ["-c", swarmScript, folder], options);
  };
  return {
    up,
    again: up,
    // Hosts are killed, as in all other ways, rather than asked to stop.
    down: () => composed("down", "--volumes", "--timeout", "0"),
  };
}

/** The compose file, whose names and labels are the plan's. */
export function composeFile(topology: Topology): object {
  const { plan, registry, manager } = topology;
  const hosts = hostsOf(topology);
  return {
    name: plan.prefix,
    services: {
      registry: {
        image: registry.image,
        container_name: registry.name,
        hostname: registry.hostname,
        labels: plan.labels,
        environment: registry.environment.map(literal),
        restart: "unless-stopped",
        mem_limit: `${registry.memoryMib}m`,
        memswap_limit: `${registry.memoryMib}m`,
        security_opt: ["no-new-privileges:true"],
        networks: { lab: { ipv4_address: registry.address } },
      },
      ...Object.fromEntries(hosts.map((host) => [host.hostname, service(host)])),
    },
    networks: {
      lab: {
        name: plan.network.name,
        labels: plan.labels,
        ipam: { config: [{ subnet: plan.network.subnet, gateway: plan.network.gateway }] },
      },
    },
    volumes: {
      layers: { name: manager.layersVolume, external: true },
      ...Object.fromEntries(hosts.map(({ hostname, volume, labels }) => [hostname, { name: volume, labels }])),
    },
    configs: Object.fromEntries(
      hosts.flatMap((host) => filesOf(host).map(({ source, content }) => [source, { content: literal(content) }])),
    ),
  };
}

function service(host: HostSpec): object {
  return {
    image: host.image,
    container_name: host.name,
    hostname: host.hostname,
    labels: host.labels,
    cap_drop: hostPrivileges.CapDrop,
    cap_add: hostPrivileges.CapAdd,
    security_opt: [...hostPrivileges.SecurityOpt, "systempaths=unconfined"],
    cgroup: hostPrivileges.CgroupnsMode,
    tmpfs: Object.entries(hostPrivileges.Tmpfs).map(([path, options]) => `${path}:${options}`),
    volumes: [`${host.hostname}:/var/lib/docker`, "layers:/var/lib/drydock/layers:ro"],
    ports: [`127.0.0.1:${host.sshPort}:22`],
    networks: { lab: { ipv4_address: host.address } },
    restart: "unless-stopped",
    stop_grace_period: "20s",
    mem_limit: `${host.memoryMib}m`,
    memswap_limit: `${host.memoryMib}m`,
    cpus: host.cpus,
    pids_limit: host.pids,
    logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "2" } },
    configs: filesOf(host).map(({ source, target }) => ({ source, target, mode: "0600" })),
  };
}

const filesOf = ({ hostname, files }: HostSpec) =>
  Object.entries(files).map(([target, content], index) => ({ source: `${hostname}-${index}`, target, content }));

/** Compose would take a dollar sign for a variable. */
const literal = (text: string) => text.replaceAll("$", "$$$$");
