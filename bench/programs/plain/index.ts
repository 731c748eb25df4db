import { readFileSync } from "node:fs";
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { hostPrivileges } from "../../../images/hostPrivileges.ts";
import { hostsOf, type Topology } from "../../topology.ts";
import { initScript, joinScript, networkScript, swarmSettings } from "../../variants/swarmScript.ts";

const { topology, engineUrl } = JSON.parse(readFileSync(process.env.DRYDOCK_BENCH_TOPOLOGY ?? "", "utf8")) as {
  topology: Topology;
  engineUrl: string;
};
const { plan, registry } = topology;
const provider = new docker.Provider("engine", { host: engineUrl });
const labelsOf = (labels: Record<string, string>) => Object.entries(labels).map(([label, value]) => ({ label, value }));

const network = new docker.Network(
  "network",
  {
    name: plan.network.name,
    ipamConfigs: [{ subnet: plan.network.subnet, gateway: plan.network.gateway }],
    labels: labelsOf(plan.labels),
  },
  { provider },
);
new docker.Container(
  "registry",
  {
    name: registry.name,
    image: registry.image,
    hostname: registry.hostname,
    labels: labelsOf(plan.labels),
    networksAdvanced: [{ name: network.name, ipv4Address: registry.address }],
    restart: "unless-stopped",
    memory: registry.memoryMib,
    memorySwap: registry.memoryMib,
    securityOpts: ["no-new-privileges:true"],
    envs: registry.environment,
  },
  { provider },
);

const environment = { ...swarmSettings(topology), DOCKER_HOST: engineUrl };
const containers = hostsOf(topology).map((host) => {
  const labels = labelsOf(host.labels);
  const volume = new docker.Volume(host.hostname, { name: host.volume, labels }, { provider });
  return new docker.Container(
    host.hostname,
    {
      name: host.name,
      image: host.image,
      hostname: host.hostname,
      labels,
      capabilities: { drops: hostPrivileges.CapDrop, adds: hostPrivileges.CapAdd.map((name) => `CAP_${name}`) },
      securityOpts: [...hostPrivileges.SecurityOpt, "systempaths=unconfined"],
      cgroupnsMode: hostPrivileges.CgroupnsMode,
      tmpfs: hostPrivileges.Tmpfs,
      volumes: [
        { volumeName: volume.name, containerPath: "/var/lib/docker" },
        { volumeName: host.layersVolume, containerPath: "/var/lib/drydock/layers", readOnly: true },
      ],
      ports: [{ internal: 22, external: host.sshPort, ip: "127.0.0.1" }],
      networksAdvanced: [{ name: network.name, ipv4Address: host.address }],
      restart: "unless-stopped",
      stopTimeout: 20,
      memory: host.memoryMib,
      memorySwap: host.memoryMib,
      cpus: String(host.cpus),
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "2" },
      uploads: Object.entries(host.files).map(([file, content]) => ({
        file,
        content: pulumi.secret(content),
        permissions: "0600",
      })),
    },
    { provider },
  );
});

const [manager, ...workers] = containers;
const init = new command.local.Command("init", { create: initScript, environment }, { dependsOn: manager });
const joins = workers.map(
  (worker, index) =>
    new command.local.Command(
      `join-${index + 1}`,
      { create: joinScript, environment: { ...environment, WORKER: worker.name } },
      { dependsOn: [init, worker] },
    ),
);
new command.local.Command("overlay", { create: networkScript, environment }, { dependsOn: joins });
