import type { CheckHost } from "../check.ts";

/** A VXLAN packet as tcpdump reads it. */
export interface VxlanPacket {
  /** Addresses of the hosts. */
  from: string;
  to: string;
  vni: number;
  /** The frame inside, as text. */
  inner: string;
}

/** What a capture file holds. */
export interface Capture {
  vxlan: VxlanPacket[];
  /** Pairs of host addresses that ESP packets went between. */
  esp: { from: string; to: string }[];
  /** All packets' content with what is not printable as dots. */
  text: string;
}

/** Reads the first packets of a capture file on a host; undefined where there is no such file. */
export async function readCapture(host: CheckHost, path: string): Promise<Capture | undefined> {
  const { code, stdout, stderr } = await host.run(`test -e ${path} || exit 3; tcpdump -nn -A -c 1000 -r ${path}`);
  if (code === 3) return undefined;
  if (code !== 0) throw new Error(`tcpdump cannot read ${path} on ${host.name}: ${stderr}`);
  return parseCapture(stdout);
}

/** Parses what `tcpdump -nn -A` prints: for VXLAN a line for the outer packet and one for the inner. */
export function parseCapture(text: string): Capture {
  const address = String.raw`(\d+\.\d+\.\d+\.\d+)`;
  const vxlan = new RegExp(
    String.raw`IP ${address}\.\d+ > ${address}\.4789: VXLAN, flags \[I\].*, vni (\d+)\n(.*)`,
    "g",
  );
  const esp = new RegExp(String.raw`IP ${address} > ${address}: ESP\(`, "g");
  return {
    vxlan: [...text.matchAll(vxlan)].map(([, from = "", to = "", vni, inner = ""]) => ({
      from,
      to,
      vni: Number(vni),
      inner,
    })),
    esp: [...text.matchAll(esp)].map(([, from = "", to = ""]) => ({ from, to })),
    text,
  };
}
