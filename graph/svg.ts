import { layOut, type Box, type Layout } from "./layout.ts";
import { networkDetail, purposesOf, reaches, type PicturedHost, type Topology } from "./topology.ts";
import { element, escapeXml } from "./xml.ts";

/** The topology as a picture: an SVG document that follows the viewer's light or dark scheme. */
export function svg(topology: Topology): string {
  const layout = layOut(topology);
  const { width, height } = layout;
  const title = `${topology.lab}, stack ${topology.stack}`;
  const document = element(
    "svg",
    { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 ${width} ${height}`, width, height, role: "img" },
    element("title", {}, escapeXml(title)),
    element("style", {}, style),
    element("rect", { class: "page", width, height }),
    laptop(layout, topology),
    frame(layout.frame, topology),
    ...layout.zones.map((box) => (box.zone === undefined ? "" : zoneBox(box, box.zone))),
    connectors(layout, topology),
    ...layout.zones.flatMap((zone) => zone.cards.map((box) => hostCard(box, box.host, topology))),
    registryCard(layout, topology),
    ...layout.bands.map((band) => networkBand(band, band.network.name, networkDetail(band.network))),
  );
  return `${document}\n`;
}

const rect = (box: Box, attributes: Record<string, string | number>) => {
  const { x, y, width, height } = box;
  return element("rect", { x, y, width, height, ...attributes });
};

const text = (x: number, y: number, className: string, content: string, anchor?: "middle" | "end") =>
  element("text", { x, y, class: className, "text-anchor": anchor }, escapeXml(content));

function laptop({ laptop: box, frame: lab }: Layout, topology: Topology): string {
  const middle = box.x + box.width / 2;
  const below = box.y + box.height;
  const ports = topology.hosts.map((host) => host.sshPort);
  return element(
    "g",
    {},
    element("path", { class: "wire", d: `M${middle} ${below}V${lab.y}` }),
    rect(box, { class: "card", rx: 10 }),
    text(middle, box.y + 31, "name", "your machine", "middle"),
    text(
      middle + 12,
      (below + lab.y) / 2 + 4,
      "detail",
      topology.onLoopback ? `SSH, 127.0.0.1:${portRange(ports)}` : "SSH",
    ),
  );
}

function portRange(ports: readonly number[]): string {
  const low = Math.min(...ports);
  const high = Math.max(...ports);
  return low === high ? String(low) : `${low}-${high}`;
}

function frame(box: Box, { network, lab }: Topology): string {
  return element(
    "g",
    {},
    rect(box, { class: "frame", rx: 16 }),
    text(box.x + 20, box.y + 28, "heading", network.name),
    text(box.x + box.width - 20, box.y + 28, "detail", `${lab}, ${network.subnet}`, "end"),
  );
}

function zoneBox(box: Box, zone: string): string {
  return element("g", {}, rect(box, { class: "zone", rx: 12 }), text(box.x + 14, box.y + 19, "detail", `zone ${zone}`));
}

function hostCard(box: Box, host: PicturedHost, topology: Topology): string {
  return card(box, host.role, host.name, purposesOf(host, topology), host.address);
}

const registryCard = ({ registry: box }: Layout, { registry }: Topology): string =>
  box && registry ? card(box, "registry", "registry", ["images"], registry.address) : "";

function card(box: Box, className: string, name: string, purposes: readonly string[], address: string): string {
  const left = box.x + 20;
  return element(
    "g",
    { class: className },
    element("title", {}, escapeXml([name, ...purposes, address].join(", "))),
    rect(box, { class: "card", rx: 10 }),
    rect({ x: box.x, y: box.y + 12, width: 5, height: box.height - 24 }, { class: "accent", rx: 2.5 }),
    text(left, box.y + 27, "name", name),
    ...purposes.map((purpose, line) => text(left, box.y + 45 + line * 18, "role", purpose)),
    text(left, box.y + 45 + purposes.length * 18, "address", address),
  );
}

function networkBand(box: Box, name: string, detail: string): string {
  const middle = box.y + box.height / 2 + 5;
  return element(
    "g",
    { class: "network" },
    rect(box, { class: "band", rx: box.height / 2 }),
    text(box.x + 20, middle, "name", name),
    text(box.x + box.width - 20, middle, "detail", detail, "end"),
  );
}

/** From the lowest card that a network reaches in each column down to the network's band, behind the cards. */
function connectors({ zones, bands }: Layout, topology: Topology): string {
  const reached = new Set(reaches(topology).map((host) => host.name));
  const last = bands.at(-1);
  if (!last) return "";
  const columns = Map.groupBy(
    zones.flatMap((zone) => zone.cards.filter((box) => reached.has(box.host.name))),
    (box) => box.x + box.width / 2,
  );
  const wires = [...columns].map(([x, boxes]) => {
    const from = Math.max(...boxes.map((box) => box.y + box.height));
    return element("path", { class: "bus", d: `M${x} ${from}V${last.y}` });
  });
  return element("g", {}, ...wires);
}

const accents = { manager: "#6366f1", worker: "#0d9488", host: "#64748b", registry: "#d97706" };

const style = `
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:13px;fill:#1e293b}
.page{fill:#ffffff}.frame{fill:#f8fafc;stroke:#cbd5e1;stroke-width:1.5}
.zone{fill:#eef2f7;stroke:#cbd5e1;stroke-dasharray:4 4}.card{fill:#ffffff;stroke:#cbd5e1}
.wire{stroke:#94a3b8;stroke-width:1.5;fill:none}.bus{stroke:#db2777;stroke-width:1.5;stroke-dasharray:3 4;fill:none}
.band{fill:#fdf2f8;stroke:#db2777}.heading{font-size:16px;font-weight:600}.name{font-size:15px;font-weight:600}
.detail{fill:#64748b}.role{fill:#64748b;font-size:12px}
.address{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px}
${Object.entries(accents)
  .map(([role, colour]) => `.${role} .accent{fill:${colour}}`)
  .join("")}
@media (prefers-color-scheme:dark){
text{fill:#e2e8f0}.page{fill:#0f172a}.frame{fill:#131d33;stroke:#334155}.zone{fill:#1a2640;stroke:#3b4a66}
.card{fill:#1e293b;stroke:#3b4a66}.band{fill:#3b1230;stroke:#f472b6}.bus{stroke:#f472b6}.wire{stroke:#64748b}
.detail,.role{fill:#94a3b8}
}
`;
