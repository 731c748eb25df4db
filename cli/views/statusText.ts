import { stateOf, type HostStatus, type StackStatus } from "../stackStatus.ts";
import { table } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { networkDetail } from "../../graph/topology.ts";
import { expiryText } from "./expiryText.ts";
import { sshPlace } from "./hostTable.ts";
import { ingressText } from "./ingressText.ts";
import { features } from "../../doctor/features.ts";
import { capabilities, type Capability } from "../../labs/lab.ts";

/** A stack's state as a learner reads it. */
export function statusText(status: StackStatus, paint: Terminal["paint"]): string {
  const {
    lab,
    stack,
    expiry,
    engine,
    network,
    registry,
    networks,
    ingress,
    capabilities: has,
    hosts,
    components,
    problem,
  } = status;
  const state = paint(status.up ? "green" : "red", stateOf(status));
  const lines = [
    `${paint("bold", lab)}, stack ${stack}: ${state}, ${expiry === undefined ? "never expires" : expiryText(expiry, paint)}${engine ? `, on ${engine}` : ""}`,
    `lab network ${network.name} ${network.subnet}` +
      (registry === undefined ? "" : `, registry ${registry.address} (${registry.container})`),
    ...networks.map(
      (entry) => `network ${entry.name}: ${networkDetail(entry)}${entry.mtu ? `, MTU ${entry.mtu}` : ""}`,
    ),
    ...(ingress ? [ingressText(ingress)] : []),
    ...(has ? [kernelText(has)] : []),
  ];
  const rows = hosts.map((host) => [
    host.name,
    host.role,
    host.address,
    sshPlace(host),
    host.container,
    host.engine ?? paint("red", problem === undefined ? "no answer" : "not asked"),
    nodeText(host),
  ]);
  const parts = components.map(({ name, kind, host, address, problem: wrong }) => [
    name,
    kind,
    host,
    address,
    wrong === undefined ? paint("green", "ready") : paint("red", "not ready"),
  ]);
  const problems = [
    ...(problem === undefined ? [] : [`${problem}\n`]),
    ...hosts.filter((host) => host.problem).map((host) => `${host.name}: ${host.problem ?? ""}\n`),
    ...components.filter((part) => part.problem).map((part) => `${part.kind} ${part.name}: ${part.problem ?? ""}\n`),
  ];
  const headings = ["HOST", "ROLE", "ADDRESS", "SSH", "STATE", "ENGINE", "SWARM"];
  const partsTable = parts.length > 0 ? table(["COMPONENT", "KIND", "HOST", "ADDRESS", "STATE"], parts) : "";
  return [`${lines.join("\n")}\n`, table(headings, rows), partsTable, problems.join("")].filter(Boolean).join("\n");
}

/** "the hosts' kernel has vxlan, macvlan; it lacks ip_vs". */
function kernelText(has: Record<Capability, boolean>): string {
  const names = (wanted: boolean) =>
    capabilities
      .filter((capability) => has[capability] === wanted)
      .map((capability) => features[capability].name)
      .join(", ");
  return `the hosts' kernel has ${names(true) || "nothing special"}; it lacks ${names(false) || "nothing"}`;
}

function nodeText({ node }: HostStatus): string {
  if (!node) return "";
  return [
    node.role,
    node.state,
    ...(["active", "unknown"].includes(node.availability) ? [] : [node.availability]),
  ].join(", ");
}
