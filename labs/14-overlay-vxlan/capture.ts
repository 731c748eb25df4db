import type { CheckHost } from "../check.ts";

/** A VXLAN packet with an IPv4 packet inside, as tcpdump reads it. */
export interface VxlanPacket {
  /** Addresses of the hosts. */
  from: string;
  to: string;
  vni: number;
  /** Addresses of the containers. */
  inner: { from: string; to: string };
  /** All that is printed of it, what is not printable as dots. */
  text: string;
}

/** What a capture file holds. */
export interface Capture {
  vxlan: VxlanPacket[];
  /** Pairs of host addresses that ESP packets went between. */
  esp: { from: string; to: string }[];
  /** All that is printed, of whatever packets. */
  text: string;
}

/** Reads the first packets of a capture file on a host; undefined where there is no such file. */
export async function readCapture(host: CheckHost, path: string): Promise<Capture | undefined> {
  const { code, stdout, stderr } = await host.run(`test -e ${path} || exit 3; tcpdump -nn -A -c 1000 -r ${path}`);
  if (code === 3) return undefined;
  if (code !== 0) throw new Error(`tcpdump cannot read ${path} on ${host.name}: ${stderr}`);
  return parseCapture(stdout);
}

/** Parses what `tcpdump -nn -A` prints: for VXLAN a line for the outer packet and one for the inner, then the content. */
export function parseCapture(text: string): Capture {
  const packets = text.split(/^(?=\d\d:\d\d:\d\d\.\d{6} )/m);
  return { vxlan: packets.flatMap(parseVxlan), esp: packets.flatMap(parseEsp), text };
}

const address = String.raw`(\d+\.\d+\.\d+\.\d+)`;
const vxlan = new RegExp(
  String.raw`^\S+ .*\bIP ${address}\.\d+ > ${address}\.4789: VXLAN, flags \[I\].*, vni (\d+)\n(IP ${address}(?:\.\d+)? > ${address}.*)`,
);
const esp = new RegExp(String.raw`^\S+ .*\bIP ${address} > ${address}: ESP\(`);

function parseVxlan(text: string): VxlanPacket[] {
  const [found, from = "", to = "", vni, , sender = "", receiver = ""] = vxlan.exec(text) ?? [];
  return found === undefined ? [] : [{ from, to, vni: Number(vni), inner: { from: sender, to: receiver }, text }];
}

function parseEsp(text: string): Capture["esp"] {
  const [found, from = "", to = ""] = esp.exec(text) ?? [];
  return found === undefined ? [] : [{ from, to }];
}
