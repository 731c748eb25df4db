/** Bytes that VXLAN adds to a frame: outer IPv4, UDP and VXLAN headers and the inner Ethernet header (RFC 7348). */
const vxlanHeaders = 50;
/** Bytes that Docker sets aside for ESP on an encrypted overlay (moby/moby, libnetwork/drivers/overlay, pktExpansion). */
const espExpansion = 26;

/** MTU in bytes inside an overlay network, as Docker's overlay driver works it out from that of the path. */
export function overlayMtu(pathMtu: number, encrypted: boolean): number {
  const plain = pathMtu - vxlanHeaders;
  if (!encrypted) return plain;
  const secured = plain - espExpansion;
  return secured - (secured % 4);
}
