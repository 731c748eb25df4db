import { groupHosts, purposesOf, type PicturedHost, type PicturedNetwork, type Topology } from "./topology.ts";

/** A rectangle, in SVG's user units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Layout {
  width: number;
  height: number;
  laptop: Box;
  /** The lab network's frame, around all but the laptop. */
  frame: Box;
  zones: (Box & { zone: string | undefined; cards: (Box & { host: PicturedHost })[] })[];
  /** Undefined where the hosts have none. */
  registry: Box | undefined;
  bands: (Box & { network: PicturedNetwork })[];
}

const margin = 24;
const gap = 16;
const framePadding = 20;
const frameTitle = 44;
const zonePadding = 14;
const zoneTitle = 28;
const laptop = { width: 240, height: 52 };
const laptopDrop = 56;
const card = { minWidth: 168, around: 58, line: 18, perCharacter: 8.8, beside: 52 };
const band = { height: 40, gap: 10 };
const cardsPerRow = 4;
/** What the frame's title wants inside it. */
const narrowest = 2 * card.minWidth + gap;

/** Where everything goes: zones are columns side by side; without zones, each role is a row. */
export function layOut(topology: Topology): Layout {
  const words = topology.hosts.flatMap((host) => [host.name, ...purposesOf(host, topology)]);
  const longest = Math.max(...words.map((word) => word.length), topology.registry?.address.length ?? 0);
  const cardWidth = Math.max(card.minWidth, Math.ceil(longest * card.perCharacter + card.beside));
  const lines = Math.max(...topology.hosts.map((host) => purposesOf(host, topology).length));
  const size = { width: cardWidth, height: card.around + lines * card.line };
  const frameTop = margin + laptop.height + laptopDrop;
  const top = frameTop + frameTitle;

  const zones: Layout["zones"] = [];
  let x = margin + framePadding;
  for (const group of groupRows(topology)) {
    const zone = placeGroup(group, x, top, size);
    zones.push(zone);
    x += zone.width + gap;
  }
  const zonesBottom = Math.max(...zones.map((zone) => zone.y + zone.height));
  for (const zone of zones) zone.height = zonesBottom - zone.y;

  const first = zones[0]?.cards[0]?.y ?? top;
  const registry = topology.registry && { x, y: first, ...size };
  const right = registry ? x + cardWidth : x - gap;
  const inner = Math.max(right - margin - framePadding, narrowest);
  const bands = topology.networks.map((network, index) => ({
    network,
    x: margin + framePadding,
    y: zonesBottom + gap * 1.5 + index * (band.height + band.gap),
    width: inner,
    height: band.height,
  }));
  const bottom = Math.max(zonesBottom, ...bands.map((box) => box.y + box.height)) + framePadding;
  const frame = { x: margin, y: frameTop, width: inner + framePadding * 2, height: bottom - frameTop };
  const width = frame.width + margin * 2;
  return {
    width,
    height: bottom + margin,
    laptop: { x: (width - laptop.width) / 2, y: margin, ...laptop },
    frame,
    zones,
    registry,
    bands,
  };
}

interface GroupRows {
  zone: string | undefined;
  rows: PicturedHost[][];
}

function groupRows(topology: Topology): GroupRows[] {
  const groups = groupHosts(topology.hosts);
  if (groups.length > 1) return groups.map(({ zone, hosts }) => ({ zone, rows: hosts.map((host) => [host]) }));
  return groups.map(({ zone, hosts }) => ({
    zone,
    rows: [...Map.groupBy(hosts, (host) => host.role).values()].flatMap((role) => chunks(role, cardsPerRow)),
  }));
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}

type Size = Pick<Box, "width" | "height">;

function placeGroup({ zone, rows }: GroupRows, x: number, y: number, size: Size): Layout["zones"][number] {
  const padding = zone === undefined ? 0 : zonePadding;
  const title = zone === undefined ? 0 : zoneTitle;
  const columns = Math.max(...rows.map((row) => row.length));
  const cards = rows.flatMap((row, rowIndex) =>
    row.map((host, column) => ({
      host,
      x: x + padding + column * (size.width + gap),
      y: y + title + rowIndex * (size.height + gap),
      ...size,
    })),
  );
  const height = title + rows.length * (size.height + gap) - gap + padding;
  return { zone, cards, x, y, width: columns * (size.width + gap) - gap + padding * 2, height };
}
