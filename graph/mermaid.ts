import { groupHosts, networkDetail, purposesOf, reaches, type PicturedHost, type Topology } from "./topology.ts";

/** The topology as a Mermaid flowchart. */
export function mermaid(topology: Topology): string {
  const { network, registry, networks } = topology;
  const groups = groupHosts(topology.hosts).flatMap(({ zone, hosts }) => {
    const nodes = hosts.map((host) => `    ${node(host, topology)}`);
    if (zone === undefined) return nodes;
    return [
      `    subgraph ${id("zone", zone)}[${quote(`zone ${zone}`)}]`,
      ...nodes.map((line) => `  ${line}`),
      "    end",
    ];
  });
  const overlays = networks.flatMap((overlay) => {
    const name = id("network", overlay.name);
    return [
      `  ${name}([${quote(overlay.name, networkDetail(overlay))}]):::network`,
      ...reaches(topology).map((host) => `  ${id("host", host.name)} -.- ${name}`),
    ];
  });
  return [
    "flowchart TB",
    `  laptop[${quote("your machine")}]`,
    `  subgraph lab[${quote(network.name, network.subnet)}]`,
    ...groups,
    ...(registry ? [`    registry[(${quote("registry", registry.address)})]:::registry`] : []),
    "  end",
    ...overlays,
    "  laptop -- ssh --> lab",
    "  classDef manager fill:#4f46e5,stroke:#3730a3,color:#ffffff",
    "  classDef worker fill:#0f766e,stroke:#115e59,color:#ffffff",
    "  classDef host fill:#475569,stroke:#334155,color:#ffffff",
    "  classDef registry fill:#b45309,stroke:#92400e,color:#ffffff",
    "  classDef network fill:#be185d,stroke:#9d174d,color:#ffffff",
    "",
  ].join("\n");
}

function node(host: PicturedHost, topology: Topology): string {
  const lines = [host.name, ...purposesOf(host, topology), host.address];
  return `${id("host", host.name)}[${quote(...lines)}]:::${host.role}`;
}

/** Mermaid's own words, such as "end", and dashes break as ids; a prefix and underscores do not. */
function id(kind: string, name: string): string {
  return `${kind}_${name.replaceAll(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0)}_`)}`;
}

function quote(...lines: string[]): string {
  const escaped = lines.map((line) => line.replaceAll(/["#<>&]/g, (character) => `#${character.charCodeAt(0)};`));
  return `"${escaped.join("<br/>")}"`;
}
